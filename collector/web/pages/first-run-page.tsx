import type { ComponentChildren, VNode } from 'preact';
import { Row } from '../frame/row.js';
import { useLanguage } from '../language/language.js';
import type { FirstRunContent } from '../page/first-run-content.js';
import { usePage } from '../page/use-page.js';

/** What the examples count for where there is no project yet. */
const EXAMPLE_PROJECT = 'acme-cli';

/** How the first report comes. The page changes by itself when it has come. */
export function FirstRunPage({ content }: { readonly content: FirstRunContent }): VNode {
  const { firstRun: words } = useLanguage().texts;
  const { frame } = usePage();
  const project = content.project ?? EXAMPLE_PROJECT;
  const endpoint = frame.origin + frame.basePath;
  const [before, after] = words.comesToBe(content.project === null);
  return (
    <>
      <div class="title hello">
        <Waiting />
        <h1>{words.title}</h1>
        <p class="lead" role="status">
          {words.listening} {content.isHealthy ? words.well : words.unwell}
        </p>
        <noscript>
          <p class="lead">{words.reload}</p>
        </noscript>
      </div>
      <Row name={words.tryNow} unit={words.anyShell}>
        <Copyable id="by-hand" name={words.terminal}>
          <span class="c">{words.byHand}</span>
          {`\n${curlLines(endpoint, project, frame.madeAt)}`}
        </Copyable>
        <p class="say">
          {words.answers} <code>{'202 {"accepted":1,"rejected":[]}'}</code>; {words.answersMore}{' '}
          {before}
          <code>
            <bdi>{project}</bdi>
          </code>
          {after}
        </p>
      </Row>
      <Row name={words.program} unit={words.node}>
        <Copyable id="three-lines" name={words.lines}>
          <span class="c">{words.atStart}</span>
          {`\n${programLines(endpoint)}`}
        </Copyable>
        <p class="say">
          {words.another}{' '}
          <a href="https://github.com/headcount-dev/headcount/tree/main/clients">{words.clients}</a>
          . {words.tellFirst}{' '}
          <a href="https://github.com/headcount-dev/headcount#readme">{words.notice}</a>.
        </p>
      </Row>
      <Row name={words.nothing}>
        <p class="lead">
          {words.underTests}
          <code>DO_NOT_TRACK</code>
          {words.silent}
          <code>npx headcount doctor --project {quoted(project)}</code>
          {words.says}
          <code>npx headcount-collector doctor</code>
          {words.thisSide}
        </p>
      </Row>
    </>
  );
}

/** A report by hand, for a POSIX shell. */
function curlLines(endpoint: string, project: string, at: string): string {
  const report = JSON.stringify(
    {
      anonymous_id: '9f86d081884c7d65',
      timestamp: at,
      project,
      info: { os: 'Linux', version: '1.0.0' },
    },
    null,
    2,
  );
  return `curl -s ${quoted(`${endpoint}/v1/reports`)} -H 'content-type: application/json' -d ${quoted(report)}`;
}

/** A word of a POSIX shell. Names of projects may hold anything. */
const quoted = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const programLines = (endpoint: string): string =>
  [
    "import { createHeadcount } from 'headcount';",
    `const headcount = createHeadcount({ endpoint: ${JSON.stringify(endpoint)} });`,
    'headcount.track();',
  ].join('\n');

interface CopyableProps {
  readonly id: string;
  readonly name: string;
  readonly children: ComponentChildren;
}

function Copyable({ id, name, children }: CopyableProps): VNode {
  const { firstRun } = useLanguage().texts;
  return (
    <div class="copy">
      <div>
        <span>{name}</span>
        <button class="btn" type="button" data-copy={id}>
          {firstRun.copy}
        </button>
      </div>
      <pre>
        <code id={id}>{children}</code>
      </pre>
    </div>
  );
}

/** The tally that is drawn stroke by stroke. */
const Waiting = (): VNode => (
  <svg
    class="wait"
    viewBox="0 0 27 24"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="2.2"
    stroke-linecap="round"
  >
    <g>
      {[4, 10, 16, 22].map((x) => (
        <path key={x} d={`M${x} 10v12M${x} 4.6v.01`} />
      ))}
      <path d="M1.5 19.5 25.5 9.5" />
    </g>
  </svg>
);
