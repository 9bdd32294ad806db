import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';

interface SnippetProps {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Words to copy, with a button that does it; see browser/copy.ts. */
export function Snippet({ id, name, text }: SnippetProps): VNode {
  const { publicPage: words } = useLanguage().texts;
  return (
    <div class="copy">
      <div>
        <span>{name}</span>
        <button class="btn" type="button" data-copy={id} data-copied={words.copied}>
          {words.copy}
        </button>
      </div>
      <pre id={id}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
