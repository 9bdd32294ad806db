import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import { NOTE_KINDS, type SettingsNote, type SettingsParts } from '../../page/settings-content.js';
import { usePage } from '../../page/use-page.js';
import { ActForm } from './act-form.js';
import { SelectField, TextField, TickField } from './fields.js';
import { SecondStep } from './second-step.js';
import { SettingsRow } from './settings-row.js';

interface NotesRowProps extends Pick<SettingsParts, 'notes' | 'note'> {
  readonly done: SettingsAct | null;
}

/** What the administrator has noted about days. */
export function NotesRow({ notes, note, done }: NotesRowProps): VNode {
  const { texts, formats } = useLanguage();
  const { href } = usePage();
  const words = texts.settings.notes;
  const days = ({ date, to }: SettingsNote): string =>
    date === to
      ? formats.longDay(date)
      : texts.range.span(formats.longDay(date), formats.longDay(to));
  return (
    <SettingsRow section="annotations" done={done}>
      {notes.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <div class="scroll" tabindex={0} role="region" aria-label={words.list}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.days}</th>
                <th scope="col">{words.text}</th>
                <th scope="col" class="wide">
                  {words.seenBy}
                </th>
                <th scope="col">
                  <span class="vh">{words.change}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {notes.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{days(one)}</th>
                  <td class="long">
                    <span class="quiet">{words.kinds[one.kind]}:</span> <bdi>{one.text}</bdi>
                  </td>
                  <td class="wide">{one.isPublic ? words.everybody : words.withToken}</td>
                  <td>
                    <a
                      href={`${href({ note: one.id })}#note`}
                      aria-label={words.changeOne(days(one))}
                    >
                      {words.change}
                    </a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {note !== null && (
        <div class="chosen" id="note" key={note.id}>
          <h3>{words.changeOne(days(note))}</h3>
          <ActForm act="note-change" hidden={{ id: note.id }} button={words.save} kind="go">
            <NoteFields note={note} />
          </ActForm>
          <SecondStep
            act="note-remove"
            hidden={{ id: note.id }}
            summary={words.remove}
            confirm={words.removeUnderstood}
            button={words.removeAct}
            kind="no"
          />
          <p>
            <a class="small" href={`${href({ note: undefined })}#annotations`}>
              {texts.settings.close}
            </a>
          </p>
        </div>
      )}
      <h3>{words.add}</h3>
      <ActForm act="note-add" button={words.addAct} kind="go">
        <NoteFields note={null} />
      </ActForm>
    </SettingsRow>
  );
}

function NoteFields({ note }: { readonly note: SettingsNote | null }): VNode {
  const { notes: words } = useLanguage().texts.settings;
  const to = note === null || note.to === note.date ? '' : note.to;
  return (
    <>
      <TextField type="date" name="date" label={words.date} value={note?.date ?? ''} isRequired />
      <TextField type="date" name="to" label={words.to} hint={words.toHint} value={to} />
      <SelectField
        name="kind"
        label={words.kind}
        value={note?.kind ?? 'note'}
        options={NOTE_KINDS.map((kind) => [kind, words.kinds[kind]] as const)}
      />
      <TextField
        name="text"
        label={words.text}
        hint={words.textHint}
        value={note?.text ?? ''}
        maxLength={280}
        isRequired
        isWhole
      />
      <TickField name="public" label={words.public} isOn={note?.isPublic ?? false} />
    </>
  );
}
