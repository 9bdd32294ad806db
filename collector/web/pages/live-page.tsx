import type { VNode } from 'preact';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { LiveContent } from '../page/live-content.js';
import { usePage } from '../page/use-page.js';
import { LiveBar } from './live/live-bar.js';
import { LastMinute } from './live/last-minute.js';
import { RecentPeople } from './live/recent-people.js';
import { useLive } from './live/use-live.js';

/** The most people that the list has. */
const MOST_RECENT = '20';

/** Who uses it now. Without script it shows the state as of now. */
export function LivePage({ content }: { readonly content: LiveContent }): VNode {
  const { texts, formats } = useLanguage();
  const { frame } = usePage();
  const live = useLive(content, frame);
  return (
    <>
      <Title title={texts.live.title}>{texts.live.lead}</Title>
      <LiveBar live={live} />
      <Row name={texts.live.now} unit={texts.live.nowUnit}>
        <div>
          <p class="big">
            <b>{formats.number(content.activeToday)}</b> <span>{texts.live.active}</span>
          </p>
          <p class="quiet">{texts.live.ofAll(formats.number(content.people))}</p>
        </div>
      </Row>
      {live.minute !== null && (
        <Row name={texts.live.lastMinute} unit={texts.live.lastMinuteUnit}>
          <LastMinute reports={live.minute} />
        </Row>
      )}
      <Row name={texts.live.recent} unit={texts.live.recentUnit(MOST_RECENT)}>
        <RecentPeople recent={content.recent} groupsOf={content.groupsOf} />
      </Row>
    </>
  );
}
