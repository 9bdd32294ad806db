import type { VNode } from 'preact';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import type { Receipt } from '../../page/your-data-content.js';

/** What says that everything is deleted, to be saved. */
export function ReceiptRow({ receipt }: { readonly receipt: Receipt }): VNode {
  const { texts, formats } = useLanguage();
  const { yourData: words } = texts;
  const moment = (iso: string): string => formats.moment(iso, 'UTC');
  const file = `data:application/json;charset=utf-8,${encodeURIComponent(`${JSON.stringify(receipt, null, 2)}\n`)}`;
  return (
    <Row name={words.receipt} unit={words.receiptUnit}>
      <div class="receipt" role="status">
        <p>
          <b>{words.deletedOn(moment(receipt.deleted_at))}</b> (UTC)
        </p>
        <dl class="kv">
          <dt>{words.receipt}</dt>
          <dd>
            <code>{receipt.receipt_id}</code>
          </dd>
          <dt>{words.project}</dt>
          <dd>
            <bdi>{receipt.project}</bdi>
          </dd>
          <dt>{words.late}</dt>
          <dd>{words.lateUntil(moment(receipt.late_reports_ignored_until))}</dd>
        </dl>
        <p class="acts2">
          <a class="btn" href={file} download={`receipt-${receipt.receipt_id}.json`}>
            {words.save}
          </a>
        </p>
      </div>
    </Row>
  );
}
