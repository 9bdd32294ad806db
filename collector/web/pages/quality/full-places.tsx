import type { VNode } from 'preact';
import { ShareCell } from '../../charts/share-cell.js';
import { useLanguage } from '../../language/language.js';
import type { FullPlace } from '../../page/quality-content.js';

/** What has hardly any room for new values. */
export function FullPlaces({ places }: { readonly places: readonly FullPlace[] }): VNode {
  const { texts, formats } = useLanguage();
  const { quality } = texts;
  if (places.length === 0) return <p>{quality.enough}</p>;
  return (
    <div>
      <table>
        <thead>
          <tr>
            <th scope="col">{quality.place}</th>
            <th scope="col" class="r">
              {quality.used}
            </th>
            <th scope="col" class="r">
              {quality.limit}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {places.map(({ of, dimension, used, limit }) => (
            <tr key={`${of} ${dimension}`}>
              <th scope="row">
                <bdi>{quality.placeNames[of](dimension ?? '')}</bdi>
              </th>
              <td class="r">{formats.number(used)}</td>
              <td class="r">{formats.number(limit)}</td>
              <td class="w">
                <ShareCell share={used / limit} slot={3} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="small quiet">{quality.placesTodo}</p>
    </div>
  );
}
