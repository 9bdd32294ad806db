import type { VNode } from 'preact';
import { CountBars } from '../charts/count-bars.js';
import { countsTwin } from '../charts/counts-twin.js';
import { RangeBar } from '../frame/range-bar.js';
import { Row } from '../frame/row.js';
import { TableFoot } from '../frame/table-foot.js';
import { Title } from '../frame/title.js';
import { type Language, useLanguage } from '../language/language.js';
import type { SystemsContent } from '../page/systems-content.js';
import type { Twin } from '../page/twin.js';
import { usePage } from '../page/use-page.js';
import type { ValueShares } from '../page/value-shares.js';
import type { View } from '../page/view.js';
import { valueRows } from './value-rows.js';

/** The dimensions of each section, in the order of the page. What is not named is in the last one. */
const GROUPS = {
  machine: ['os', 'arch', 'container', 'os_version', 'wsl'],
  installation: ['runtime', 'runtime_version', 'age', 'channel', 'agent'],
  people: ['certainty', 'level', 'country'],
} as const;

/** Nothing is left out of what a token sees: small groups are a part of `other`. */
const LEAST_SHOWN = 1;

/** Values of a dimension without a wish for all. */
const MOST_SHOWN = 10;

/** What people run the program on. */
export function SystemsPage({ content }: { readonly content: SystemsContent }): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { span, view, dimensions } = content;
  const said = dimensions.filter(isSaid);
  const unsaid = dimensions.filter((one) => !isSaid(one));
  const isEmpty = dimensions.every(({ rows }) => rows.length === 0);
  const unit = (
    <>
      {texts.systems.unit(span.days, formats.day(span.to))}
      {hasChange(dimensions) && <>; {comparedText(view, span.days, language)}</>}
    </>
  );
  return (
    <>
      <Title title={texts.frame.pages.systems}>{texts.systems.lead}</Title>
      <RangeBar view={view} compares isShort />
      {isEmpty && <p class="note">{texts.systems.nobody}</p>}
      {groupsOf(said).map(([name, members]) => (
        <Row key={name} name={texts.systems.groups[name]} unit={unit}>
          <div class="flow">
            {members.map((values) => (
              <Block key={values.dimension} values={values} whole={content.whole} />
            ))}
          </div>
        </Row>
      ))}
      {!isEmpty && unsaid.length > 0 && (
        <p class="small quiet">
          {texts.systems.unsaid(
            formats.list(unsaid.map(({ dimension }) => dimensionName(dimension, language))),
          )}
        </p>
      )}
    </>
  );
}

/** The tables of all dimensions. */
export const systemsTwins = (content: SystemsContent, language: Language): readonly Twin[] =>
  content.dimensions.map((values) => twinOf(values, language));

const twinOf = (values: ValueShares, language: Language): Twin =>
  countsTwin(
    valueRows(values, language),
    {
      id: values.dimension.replaceAll('_', '-'),
      name: dimensionName(values.dimension, language),
      leastShown: LEAST_SHOWN,
    },
    language,
  );

interface BlockProps {
  readonly values: ValueShares;
  readonly whole: string | null;
}

function Block({ values, whole }: BlockProps): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { href } = usePage();
  const twin = twinOf(values, language);
  const most = whole === twin.id ? values.rows.length : MOST_SHOWN;
  const hidden = Math.max(0, values.rows.length - most) + values.leftOut;
  return (
    <div id={twin.id}>
      <h3>{twin.name}</h3>
      <CountBars rows={valueRows(values, language).slice(0, most)} leastShown={LEAST_SHOWN} />
      <TableFoot twin={twin}>
        {hidden > 0 && whole !== twin.id && (
          <a href={`${href({ all: twin.id })}#${twin.id}`}>
            {texts.systems.more(formats.number(hidden), hidden === 1)}
          </a>
        )}
        {hidden > 0 &&
          whole === twin.id &&
          texts.systems.more(formats.number(hidden), hidden === 1)}
        {values.mergedBelow !== null && <span>{texts.systems.merged(values.mergedBelow)}</span>}
      </TableFoot>
    </div>
  );
}

/** Whether anybody's report has a value. */
const isSaid = ({ rows }: ValueShares): boolean =>
  rows.some(({ value, count }) => value !== 'unknown' && count > 0);

export const hasChange = (dimensions: readonly Pick<ValueShares, 'rows'>[]): boolean =>
  dimensions.some(({ rows }) => rows.some(({ change }) => change !== null));

export const comparedText = (view: View, days: number, { texts }: Language): string =>
  view.compare === 'year' ? texts.systems.comparedYear : texts.systems.compared(days);

function dimensionName(dimension: string, { texts }: Language): string {
  const names: Readonly<Record<string, string>> = texts.systems.dimensions;
  return names[dimension] ?? dimension;
}

type GroupName = keyof typeof GROUPS | 'others';

function groupsOf(
  dimensions: readonly ValueShares[],
): readonly (readonly [GroupName, readonly ValueShares[]])[] {
  const named = Object.entries(GROUPS) as [keyof typeof GROUPS, readonly string[]][];
  const all = new Set(named.flatMap(([, names]) => names));
  const groups = named.map(
    ([name, names]) =>
      [
        name,
        names.flatMap((one) => dimensions.filter((other) => other.dimension === one)),
      ] as const,
  );
  const others = dimensions.filter(({ dimension }) => !all.has(dimension));
  return [...groups, ['others', others] as const].filter(([, members]) => members.length > 0);
}
