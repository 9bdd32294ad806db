import type { VNode } from 'preact';
import { RangeBar } from '../frame/range-bar.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { QualityContent } from '../page/quality-content.js';
import { FullPlaces } from './quality/full-places.js';
import { HowSure } from './quality/how-sure.js';
import { LostReports } from './quality/lost-reports.js';
import { QualityTable } from './quality/quality-table.js';
import { ReasonsTable } from './quality/reasons-table.js';
import { ReportBars } from './quality/report-bars.js';

/** How sure the counts are, and why. */
export function QualityPage({ content }: { readonly content: QualityContent }): VNode {
  const { texts, formats } = useLanguage();
  const { quality } = texts;
  const received = quality.reportsUnit(formats.day(content.from), formats.day(content.to));
  return (
    <>
      <Title title={quality.title}>{quality.lead}</Title>
      <RangeBar view={content.view} />
      <Row name={quality.sure} unit={quality.sureUnit}>
        <HowSure certainty={content.certainty} />
      </Row>
      <Row name={quality.reports} unit={received}>
        <QualityTable content={content} />
      </Row>
      <Row name={quality.over} unit={quality.overUnit[content.daysOfPart]}>
        <ReportBars content={content} />
      </Row>
      <Row name={quality.reasons} unit={received}>
        <ReasonsTable content={content} />
      </Row>
      <Row name={quality.lost} unit={quality.lostUnit}>
        <LostReports lost={content.lost} lostCut={content.lostCut} />
      </Row>
      <Row name={quality.places} unit={quality.placesUnit}>
        <FullPlaces places={content.fullPlaces} />
      </Row>
    </>
  );
}
