import type { VNode } from 'preact';
import { percent } from '../../charts/geometry.js';
import { useLanguage } from '../../language/language.js';

const HEIGHT = 48;
const GROUND = HEIGHT - 1;
const SHARE_OF_SLOT = 0.7;

/** Reports of the last minute, as this page has seen them come. */
export function LastMinute({ reports }: { readonly reports: readonly number[] }): VNode {
  const { texts, formats } = useLanguage();
  const most = Math.max(1, ...reports);
  const sum = reports.reduce((all, n) => all + n, 0);
  const slot = 1 / reports.length;
  return (
    <div>
      <p>
        <b class="figure">{formats.number(sum)}</b> {texts.live.lastMinuteFigure(sum)}{' '}
        <span class="small quiet">{texts.live.sinceOpen}</span>
      </p>
      <svg
        class="minute"
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={texts.live.minuteSentence(formats.list(reports.map((n) => formats.number(n))))}
      >
        {reports.map((n, i) => {
          const height = Math.round((n / most) * (HEIGHT - 6));
          return (
            <rect
              key={i}
              class="f1"
              x={percent((i + (1 - SHARE_OF_SLOT) / 2) * slot)}
              width={percent(SHARE_OF_SLOT * slot)}
              y={GROUND - height}
              height={height}
            />
          );
        })}
        <line class="axis" x2="100%" y1={GROUND} y2={GROUND} />
      </svg>
    </div>
  );
}
