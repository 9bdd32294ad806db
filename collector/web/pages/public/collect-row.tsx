import type { VNode } from 'preact';
import { Row } from '../../frame/row.js';
import { type Language, useLanguage } from '../../language/language.js';
import type { PublicContent, PublicDeclaration, PublicField } from '../../page/public-content.js';
import { usePage } from '../../page/use-page.js';

/** What reports may contain, for how long it is kept, and how to see or stop it. */
export function CollectRow({ content }: { readonly content: PublicContent }): VNode {
  const { texts, formats } = useLanguage();
  const { pathTo } = usePage();
  const { publicPage: words, frame } = texts;
  const { declared, kept, project } = content;
  const daysText = (days: number | null): string | null =>
    days === null ? null : formats.number(days);
  return (
    <Row
      name={words.collect}
      unit={declared === null ? words.undeclaredUnit : <bdi>{words.collectUnit(project)}</bdi>}
      id="collected"
    >
      <div>
        {declared === null ? (
          <p class="lead">{words.undeclared}</p>
        ) : (
          <Declared declared={declared} name={words.collect} />
        )}
        <p class="say">{words.kept(daysText(kept.activityDays), daysText(kept.usersDays))}</p>
        <p class="say">
          {words.never} <code>npx headcount off</code>. {words.yours}{' '}
          <a href={pathTo(`/your-data?project=${encodeURIComponent(project)}`)}>{frame.yourData}</a>
          .
        </p>
      </div>
    </Row>
  );
}

interface DeclaredProps {
  readonly declared: PublicDeclaration;
  readonly name: string;
}

function Declared({ declared, name }: DeclaredProps): VNode {
  const language = useLanguage();
  const { publicPage: words } = language.texts;
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={name}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.why}</th>
            <th scope="col" class="wide">
              {words.values}
            </th>
          </tr>
        </thead>
        <tbody>
          {declared.report.map(({ path, description }) => (
            <Declaration key={path} name={path} meaning={description} values="" />
          ))}
          {declared.events.map((event) => (
            <>
              <Declaration
                key={event.name}
                name={event.name}
                meaning={event.description}
                values={words.event}
              />
              {event.fields.map((field) => (
                <Declaration
                  key={`${event.name}.${field.name}`}
                  name={`${event.name}.${field.name}`}
                  meaning={field.description ?? kindText(field, language)}
                  values={
                    field.values.length > 0 ? field.values.join(' · ') : kindText(field, language)
                  }
                />
              ))}
            </>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface DeclarationProps {
  readonly name: string;
  readonly meaning: string;
  readonly values: string;
}

const Declaration = ({ name, meaning, values }: DeclarationProps): VNode => (
  <tr>
    <th scope="row">
      <code>{name}</code>
    </th>
    <td>
      <bdi>{meaning}</bdi>
    </td>
    <td class="wide">
      <bdi>{values}</bdi>
    </td>
  </tr>
);

function kindText({ kind, values }: PublicField, { texts, formats }: Language): string {
  const { kinds } = texts.publicPage;
  switch (kind) {
    case 'enum':
      return kinds.enum(formats.number(values.length));
    case 'bucket':
      return kinds.bucket(formats.number(values.length));
    case 'boolean':
    case 'semver':
    case 'count':
      return kinds[kind];
  }
}
