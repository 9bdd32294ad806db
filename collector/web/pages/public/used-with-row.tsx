import type { VNode } from 'preact';
import { CountBars } from '../../charts/count-bars.js';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import type { PublicContent, PublicDetail, PublicParts } from '../../page/public-content.js';
import { usePage } from '../../page/use-page.js';
import { countRows } from '../public-twins.js';

interface UsedWithRowProps {
  readonly content: PublicContent;
  readonly detail: PublicDetail;
}

/** People by version and by system. */
export function UsedWithRow({ content, detail }: UsedWithRowProps): VNode {
  const { texts, formats } = useLanguage();
  const { publicPage: words } = texts;
  const { leastShown } = content;
  return (
    <Row name={words.usedWith} unit={words.usedWithUnit} id="used-with">
      <div>
        <div class="cols">
          <Parts id="versions" name={words.version} parts={detail.versions} {...{ leastShown }} />
          <Parts id="systems" name={words.system} parts={detail.systems} {...{ leastShown }} />
        </div>
        <p class="say apart">{words.fewer(formats.number(leastShown))}</p>
      </div>
    </Row>
  );
}

interface PartsProps {
  readonly id: string;
  readonly name: string;
  readonly parts: PublicParts | null;
  readonly leastShown: number;
}

function Parts({ id, name, parts, leastShown }: PartsProps): VNode {
  const language = useLanguage();
  const { href } = usePage();
  const { publicPage: words, charts } = language.texts;
  const bounds = (parts?.rows ?? []).filter(({ isAtLeast }) => isAtLeast).map(({ value }) => value);
  return (
    <div id={id}>
      <h3>{name}</h3>
      {parts === null ? (
        <p class="quiet">{words.tooMany}</p>
      ) : (
        <CountBars rows={countRows(parts, language)} column={name} leastShown={leastShown} />
      )}
      {parts !== null && parts.leftOut > 0 && (
        <p class="say">{words.leftOut(language.formats.number(parts.leftOut))}</p>
      )}
      {bounds.length > 0 && <p class="say">{words.atLeast(language.formats.list(bounds))}</p>}
      <div class="acts">
        <span class="out">
          <a href={href({ csv: id })}>{charts.csv}</a>
          <a href={`${href({})}#${id}`}>{charts.link}</a>
        </span>
      </div>
    </div>
  );
}
