import type { ComponentProps, VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { ActForm } from './act-form.js';
import { FailureContext } from './form-context.js';

interface SecondStepProps extends Omit<ComponentProps<typeof ActForm>, 'confirm'> {
  /** What opens it. */
  readonly summary: string;
  readonly confirm: string;
}

/** An act that cannot be taken back lightly: it opens first, and wants to be understood. */
export function SecondStep({ summary, ...form }: SecondStepProps): VNode {
  const failure = useContext(FailureContext);
  const isFailed = failure?.act === form.act && failure.typed['id'] === form.hidden?.['id'];
  return (
    <details class="act" open={isFailed}>
      <summary>{summary}</summary>
      <ActForm {...form} />
    </details>
  );
}
