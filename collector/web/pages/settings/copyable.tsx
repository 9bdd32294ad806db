import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';

interface CopyableProps {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** A text with a button that copies it. */
export function Copyable({ id, name, text }: CopyableProps): VNode {
  const { settings } = useLanguage().texts;
  return (
    <div class="copy">
      <div>
        <span>{name}</span>
        <button class="btn" type="button" data-copy={id} data-copied={settings.copied}>
          {settings.copy}
        </button>
      </div>
      <pre>
        <code id={id}>{text}</code>
      </pre>
    </div>
  );
}
