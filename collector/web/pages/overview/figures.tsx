import type { ComponentChild, VNode } from 'preact';
import { percent } from '../../charts/geometry.js';
import { Sparkline } from '../../charts/sparkline.js';
import { useLanguage } from '../../language/language.js';
import type { Figure, Headline } from '../../page/overview-content.js';
import type { View } from '../../page/view.js';
import { Delta } from './delta.js';

const SPARK_HEIGHT = 36;
const BAR_HEIGHT = 12;

interface FiguresProps {
  readonly headline: Headline;
  readonly view: View;
}

/** Yesterday, the last 7 days, and the running day, which is compared with nothing. */
export function Figures({ headline, view }: FiguresProps): VNode {
  const { texts, formats } = useLanguage();
  const { yesterday, week, today, until } = headline;
  const { overview: words } = texts;
  const isYear = view.compare === 'year';
  const { comparedTo } = yesterday;
  return (
    <dl class="figs">
      <div>
        <dt>{until === null ? words.yesterday : formats.weekday(until)}</dt>
        <dd class="n">{countOf(yesterday)}</dd>
        <dd class="c">
          {changeOf(yesterday, comparedTo === null ? '' : words.versus.day(dayText(comparedTo)))}
        </dd>
        <dd>
          <Sparkline values={yesterday.course} height={SPARK_HEIGHT} />
        </dd>
      </div>
      <div>
        <dt>{words.week}</dt>
        <dd class="n">{countOf(week)}</dd>
        <dd class="c">{changeOf(week, isYear ? words.versus.year : words.versus.week)}</dd>
        <dd>
          <Sparkline values={week.course} height={SPARK_HEIGHT} />
        </dd>
      </div>
      <div>
        <dt>{words.today}</dt>
        <dd class="n">{formats.number(today)}</dd>
        <dd class="c">{words.notCompared}</dd>
        <dd>
          <TodayBar headline={headline} />
        </dd>
      </div>
    </dl>
  );

  function countOf({ people }: Figure): string {
    return people === null ? '–' : formats.number(people);
  }

  function changeOf(figure: Figure, versus: string): ComponentChild {
    if (figure.people === null) return texts.charts.unknown;
    return view.compare !== 'none' && <Delta figure={figure} versus={versus} />;
  }

  function dayText(date: string): string {
    return isYear ? formats.longDay(date) : formats.weekday(date);
  }
}

/** How far the running day is, where yesterday is the whole width. */
function TodayBar({ headline: { today, yesterday } }: Pick<FiguresProps, 'headline'>): VNode {
  const share = today / Math.max(1, today, yesterday.people ?? 0);
  const y = (SPARK_HEIGHT - BAR_HEIGHT) / 2;
  return (
    <svg class="spark" width="100%" height={SPARK_HEIGHT} aria-hidden="true">
      <rect class="track" width="100%" height={BAR_HEIGHT} y={y} />
      {today > 0 && (
        <rect class="hatch" x=".5" width={percent(share * 0.99)} height={BAR_HEIGHT} y={y} />
      )}
    </svg>
  );
}
