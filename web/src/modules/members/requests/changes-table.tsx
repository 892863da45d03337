import { useFormat, useTexts } from '#platform/languages';
import type { HistoryEntry } from '../record/documents';
import { valueText } from '../record/sentences';
import { recordTexts } from '../record/texts';
import { requestsTexts } from './texts';
import './requests.css';

/** What is on record and what is asked for, side by side. */
export function ChangesTable(props: { changes: HistoryEntry['changes'] }) {
  const t = useTexts(requestsTexts);
  const r = useTexts(recordTexts);
  const format = useFormat();
  return (
    <table className="changes">
      <thead>
        <tr>
          <th scope="col">{t.field}</th>
          <th scope="col">{t.was}</th>
          <th scope="col">{t.willBe}</th>
        </tr>
      </thead>
      <tbody>
        {props.changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">{r.fields[change.field]}</th>
            <td data-label={t.was}>
              <del>{valueText(change.field, change.old, r, format)}</del>
            </td>
            <td data-label={t.willBe}>
              <ins>{valueText(change.field, change.new, r, format)}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
