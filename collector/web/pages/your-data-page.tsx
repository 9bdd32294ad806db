import type { VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { YourDataContent } from '../page/your-data-content.js';
import { usePage } from '../page/use-page.js';
import { ReceiptRow } from './your-data/receipt-row.js';
import { RecordRow } from './your-data/record-row.js';
import { StepForm } from './your-data/step-form.js';

/** What is kept of one ID, for its owner: see it, take it along, delete it. */
export function YourDataPage({ content }: { readonly content: YourDataContent }): VNode {
  const { yourData: words } = useLanguage().texts;
  const { record, receipt } = content;
  return (
    <>
      <Title title={words.title}>{words.lead}</Title>
      {receipt === null && <AskRow content={content} />}
      {record !== null && <RecordRow content={content} record={record} />}
      {record !== null && (
        <Row name={words.delete} unit={words.deleteUnit}>
          <div>
            <p class="lead">{words.deleteWhat}</p>
            <StepForm content={content} step="delete">
              <label class="confirm">
                <input type="checkbox" name="confirmed" value="yes" required /> {words.confirm}
              </label>
              <button class="btn no">{words.deleteAct}</button>
            </StepForm>
          </div>
        </Row>
      )}
      {receipt !== null && <ReceiptRow receipt={receipt} />}
    </>
  );
}

function AskRow({ content }: { readonly content: YourDataContent }): VNode {
  const { yourData: words } = useLanguage().texts;
  const { frame, pathTo } = usePage();
  const { failure, project, anonymousId, proof } = content;
  const described = failure === null ? undefined : 'failure';
  return (
    <Row name={words.who} unit={words.whoUnit}>
      <div>
        {failure !== null && (
          <p class="note bad" role="alert" id="failure">
            <Icon name="bad" />
            {words.failures[failure]}
          </p>
        )}
        <form class="form" method="post" action={pathTo('/your-data')} data-plain="">
          {frame.formKey !== null && <input type="hidden" name="form_key" value={frame.formKey} />}
          <label>
            {words.project}
            <input name="project" required value={project} autocomplete="off" spellcheck={false} />
          </label>
          <label>
            {words.id}
            <input
              class="mono"
              name="anonymous_id"
              required
              value={anonymousId}
              autocomplete="off"
              spellcheck={false}
              aria-describedby={described}
            />
          </label>
          <label>
            {words.proof}
            <input
              class="mono"
              type="password"
              name="proof"
              required
              value={proof}
              autocomplete="off"
              spellcheck={false}
              aria-describedby={described}
            />
          </label>
          <button class="btn go" name="step" value="show">
            {words.show}
          </button>
        </form>
        <p class="say">
          <code>{words.command(project)}</code> {words.prints}
        </p>
        <p class="say">
          {words.nowhere} <code>npx headcount export</code> {words.and}{' '}
          <code>npx headcount forget</code> {words.alone}
        </p>
      </div>
    </Row>
  );
}
