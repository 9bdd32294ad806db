import type { ComponentChildren, VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { useLanguage } from '../language/language.js';
import type { Part } from '../page/part.js';
import { usePage } from '../page/use-page.js';
import { Row } from './row.js';

interface PartRowProps<Value> {
  readonly name: string;
  readonly unit?: ComponentChildren;
  readonly more?: ComponentChildren;
  readonly id?: string;
  readonly part: Part<Value>;
  readonly children: (value: Value) => ComponentChildren;
}

/** A section of a part: absent where the part is hidden, and saying so where it failed. */
export function PartRow<Value>({ part, children, ...row }: PartRowProps<Value>): VNode | null {
  if (part.state === 'hidden') return null;
  return (
    <Row {...row}>{part.state === 'shown' ? children(part.value) : <Failed part={part} />}</Row>
  );
}

/** Says that a part could not be made, why, and what to do. */
export function Failed({ part }: { readonly part: Part<unknown> & { state: 'failed' } }): VNode {
  const { overview, problem } = useLanguage().texts;
  const { href } = usePage();
  return (
    <p class="note bad">
      <Icon name="bad" />
      <strong>{overview.failed}</strong> {problem.lead[part.problem]} {overview.failedMore}{' '}
      <a href={href({})}>{overview.retry}</a>
    </p>
  );
}
