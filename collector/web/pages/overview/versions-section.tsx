import type { VNode } from 'preact';
import { ChartFoot } from '../../charts/chart-foot.js';
import { partsTwin } from '../../charts/parts-twin.js';
import { ShareBar } from '../../charts/share-bar.js';
import { useLanguage } from '../../language/language.js';
import type { VersionHalf, VersionsNow } from '../../page/overview-content.js';
import { usePage } from '../../page/use-page.js';
import { versionParts } from './overview-twins.js';

/** The versions that people used last, and how the newest spread. */
export function VersionsSection({ versions }: { readonly versions: VersionsNow }): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { href } = usePage();
  const { overview: words } = texts;
  const parts = versionParts(versions, language);
  const { newest, previous, ended } = versions;
  if (parts.length === 0) return <p class="say">{words.noVersions}</p>;
  const twin = partsTwin(
    parts,
    1,
    { id: 'versions-now', name: words.versions, column: words.version },
    language,
  );
  return (
    <div>
      <figure>
        <ShareBar parts={parts} />
        <p class="say">
          {newest !== null && halfText(newest)}
          {previous !== null &&
            previous.days !== null &&
            words.halfBefore(previous.version, formats.number(previous.days))}
          {newest !== null && words.stop}
          {ended !== null &&
            words.withoutSupport(formats.share(ended.share), formats.list(ended.versions))}
        </p>
        <ChartFoot
          twin={twin}
          csvHref={href({ csv: twin.id })}
          viewHref={`${href({})}#${twin.id}`}
        />
      </figure>
    </div>
  );

  function halfText({ version, days }: VersionHalf): string {
    return days === null ? words.noHalf(version) : words.half(version, formats.number(days));
  }
}
