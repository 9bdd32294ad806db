import type { VNode } from 'preact';
import { PartBar } from '../../charts/part-bar.js';
import { useLanguage } from '../../language/language.js';
import type { Certainty } from '../../page/quality-content.js';

/** How sure it is that an ID is one person, and who is counted at all. */
export function HowSure({ certainty }: { readonly certainty: Certainty }): VNode {
  const { texts, formats } = useLanguage();
  const { quality } = texts;
  const { total, certain, likely, ephemeral, buildFarms, coverage } = certainty;
  const parts = [
    { name: quality.certain, people: certain, help: quality.certainHelp },
    { name: quality.likely, people: likely, help: quality.likelyHelp },
    { name: quality.ephemeral, people: ephemeral, help: quality.ephemeralHelp },
  ].map((part) => ({
    ...part,
    share: part.people === null || total === 0 ? null : part.people / total,
  }));
  return (
    <div class="sure">
      <p class="big-say">{quality.total(formats.number(total))}</p>
      <PartBar parts={parts} leastShown={1} />
      <dl class="kv">
        {parts.map(({ name, help }) => (
          <>
            <dt>{name}</dt>
            <dd>{help}</dd>
          </>
        ))}
        <dt>{quality.coverage}</dt>
        <dd>{coverage === null ? quality.noCoverage : <bdi>{coverage}</bdi>}</dd>
      </dl>
      {buildFarms > 0 && (
        <p class="small quiet">{quality.buildFarms(formats.number(buildFarms))}</p>
      )}
    </div>
  );
}
