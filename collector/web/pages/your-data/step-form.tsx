import type { ComponentChildren, VNode } from 'preact';
import type { YourDataContent } from '../../page/your-data-content.js';
import { usePage } from '../../page/use-page.js';

interface StepFormProps {
  readonly content: YourDataContent;
  readonly step: 'download' | 'delete';
  readonly children: ComponentChildren;
}

/** The form of a further step: it brings ID and proof again, since the server has kept neither. */
export function StepForm({ content, step, children }: StepFormProps): VNode {
  const { frame, pathTo } = usePage();
  const { project, anonymousId, proof } = content;
  return (
    <form class="acts2 form" method="post" action={pathTo('/your-data')} data-plain="">
      {frame.formKey !== null && <input type="hidden" name="form_key" value={frame.formKey} />}
      <input type="hidden" name="step" value={step} />
      <input type="hidden" name="project" value={project} />
      <input type="hidden" name="anonymous_id" value={anonymousId} />
      <input type="hidden" name="proof" value={proof} />
      {children}
    </form>
  );
}
