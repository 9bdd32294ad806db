import type { VNode } from 'preact';
import { Row } from '../../frame/row.js';
import { type Language, useLanguage } from '../../language/language.js';
import type { PublicContent, PublicDeclaration, PublicField } from '../../page/public-content.js';
import { usePage } from '../../page/use-page.js';

/** What people would say that is collected, and the fields of reports that it is in. */
const COLLECTED = [
  { id: 'id', of: ['anonymous_id', 'owner'] },
  { id: 'day', of: ['timestamp'] },
  { id: 'version', of: ['info.version'] },
  { id: 'system', of: ['info.os', 'info.os_version', 'info.arch'] },
  { id: 'runtime', of: ['info.runtime', 'info.runtime_version'] },
  { id: 'channel', of: ['info.channel'] },
  { id: 'place', of: ['info.ci', 'info.container', 'info.wsl', 'info.agent'] },
  { id: 'delivery', of: ['report_id', 'lost_total'] },
] as const;

/** What reports may contain, for how long it is kept, and how to see or stop it. */
export function CollectRow({ content }: { readonly content: PublicContent }): VNode {
  const { texts, formats } = useLanguage();
  const { pathTo } = usePage();
  const { publicPage: words, frame } = texts;
  const { declared, kept, project } = content;
  const daysText = (days: number | null): string | null =>
    days === null ? null : formats.number(days);
  return (
    <Row
      name={words.collect}
      unit={declared === null ? words.undeclaredUnit : <bdi>{words.collectUnit(project)}</bdi>}
      id="collected"
    >
      <div>
        {declared === null ? (
          <p class="lead">{words.undeclared}</p>
        ) : (
          <Declared declared={declared} name={words.collect} />
        )}
        <p class="say apart">{words.kept(daysText(kept.activityDays), daysText(kept.usersDays))}</p>
        <p class="say">
          {words.never} <code>npx headcount off</code>. {words.yours}{' '}
          <a href={pathTo(`/your-data?project=${encodeURIComponent(project)}`)}>{frame.yourData}</a>
          .
        </p>
      </div>
    </Row>
  );
}

interface DeclaredProps {
  readonly declared: PublicDeclaration;
  readonly name: string;
}

/** In words of people, and below the exact fields. */
function Declared({ declared, name }: DeclaredProps): VNode {
  const { publicPage: words } = useLanguage().texts;
  const paths = new Set(declared.report.map(({ path }) => path));
  const bare = declared.events.filter(({ fields }) => fields.length === 0);
  return (
    <>
      <table aria-label={name}>
        <thead>
          <tr>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.why}</th>
            <th scope="col" class="wide">
              {words.example}
            </th>
          </tr>
        </thead>
        <tbody>
          {COLLECTED.filter(({ of }) => of.some((path) => paths.has(path))).map(({ id }) => (
            <Collected key={id} {...words.collected[id]} />
          ))}
          {bare.length > 0 && (
            <Collected
              what={words.events(bare.map((event) => event.name).join(words.comma))}
              why={words.eventsWhy}
              example={bare[0]?.name ?? ''}
            />
          )}
          {declared.events
            .filter(({ fields }) => fields.length > 0)
            .map((event) => (
              <Collected
                key={event.name}
                what={words.eventWith(
                  event.name,
                  event.fields.map((field) => field.name).join(words.comma),
                )}
                why={event.description}
                example={event.fields.map(exampleOf).join(' · ')}
              />
            ))}
        </tbody>
      </table>
      <ExactFields declared={declared} />
    </>
  );
}

interface CollectedProps {
  readonly what: string;
  readonly why: string;
  readonly example: string;
}

const Collected = ({ what, why, example }: CollectedProps): VNode => (
  <tr>
    <th scope="row" class="long">
      <bdi>{what}</bdi>
    </th>
    <td class="long">
      <bdi>{why}</bdi>
      <div class="narrow">
        <code>{example}</code>
      </div>
    </td>
    <td class="wide long">
      <code>{example}</code>
    </td>
  </tr>
);

/** What a field may be in a report. */
function exampleOf({ kind, values }: PublicField): string {
  const first = values[0];
  if (first !== undefined) return first;
  return { boolean: 'true', count: '3', semver: '1.2.3', enum: '', bucket: '' }[kind];
}

function ExactFields({ declared }: Pick<DeclaredProps, 'declared'>): VNode {
  const language = useLanguage();
  const { publicPage: words } = language.texts;
  return (
    <details class="act say">
      <summary>{words.exact}</summary>
      <table class="tight">
        <thead>
          <tr>
            <th scope="col">{words.field}</th>
            <th scope="col">{words.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {declared.report.map(({ path, description }) => (
            <Declaration key={path} name={path} meaning={words.stock[path] ?? description} />
          ))}
          {declared.events.map((event) => (
            <>
              <Declaration
                key={event.name}
                name={event.name}
                meaning={`${words.event}${words.colon}${event.description}`}
              />
              {event.fields.map((field) => (
                <Declaration
                  key={`${event.name}.${field.name}`}
                  name={`${event.name}.${field.name}`}
                  meaning={[
                    field.description,
                    field.values.length > 0 ? field.values.join(' · ') : kindText(field, language),
                  ]
                    .filter(Boolean)
                    .join(words.colon)}
                />
              ))}
            </>
          ))}
        </tbody>
      </table>
    </details>
  );
}

interface DeclarationProps {
  readonly name: string;
  readonly meaning: string;
}

const Declaration = ({ name, meaning }: DeclarationProps): VNode => (
  <tr>
    <th scope="row" class="long">
      <code>{name}</code>
    </th>
    <td class="long">
      <bdi>{meaning}</bdi>
    </td>
  </tr>
);

function kindText({ kind, values }: PublicField, { texts, formats }: Language): string {
  const { kinds } = texts.publicPage;
  switch (kind) {
    case 'enum':
      return kinds.enum(formats.number(values.length));
    case 'bucket':
      return kinds.bucket(formats.number(values.length));
    case 'boolean':
    case 'semver':
    case 'count':
      return kinds[kind];
  }
}
