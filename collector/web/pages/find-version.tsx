import type { VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';

/** The parameters that the form sets, or that belong to what it showed before. */
const OWN: readonly string[] = ['find', 'all', 'csv'];

/** Finds versions in the table. A plain form, so that it works without script. */
export function FindVersion({ find }: { readonly find: string | null }): VNode {
  const { texts } = useLanguage();
  const { frame, href } = usePage();
  const { versions } = texts;
  const kept = Object.entries(frame.query).filter(([name]) => !OWN.includes(name));
  return (
    <form class="form" method="get" action={`${frame.basePath}${frame.path}#versions`}>
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label>
        <span class="vh">{versions.findLabel}</span>
        <input
          type="search"
          name="find"
          maxLength={128}
          value={find ?? ''}
          placeholder={versions.findLabel}
        />
      </label>
      <button class="btn">{versions.find}</button>
      {find !== null && <a href={`${href({ find: undefined })}#versions`}>{versions.showAll}</a>}
    </form>
  );
}
