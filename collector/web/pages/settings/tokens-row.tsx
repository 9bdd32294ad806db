import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import { type SettingsParts, TOKEN_LEVELS } from '../../page/settings-content.js';
import { usePage } from '../../page/use-page.js';
import { ActForm } from './act-form.js';
import { ChosenToken } from './chosen-token.js';
import { SelectField, TextField } from './fields.js';
import { SettingsRow } from './settings-row.js';

interface TokensRowProps extends Pick<SettingsParts, 'tokens' | 'token'> {
  readonly done: SettingsAct | null;
}

/** Who may ask what: the tokens of the collector, one of them with its sessions. */
export function TokensRow({ tokens, token, done }: TokensRowProps): VNode {
  const { texts, formats } = useLanguage();
  const { frame, href } = usePage();
  const words = texts.settings.tokens;
  const zone = frame.timezone ?? 'UTC';
  const when = (moment: string | null, without: string): string =>
    moment === null ? without : formats.moment(moment, zone);
  return (
    <SettingsRow section="tokens" done={done}>
      {tokens.length > 0 && (
        <div class="scroll" tabindex={0} role="region" aria-label={words.list}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.name}</th>
                <th scope="col">{words.level}</th>
                <th scope="col">{words.project}</th>
                <th scope="col" class="wide">
                  {words.expires}
                </th>
                <th scope="col" class="wide">
                  {words.lastUsed}
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <a
                      href={`${href({ token: one.id })}#token`}
                      aria-current={one.id === token?.id ? 'true' : undefined}
                    >
                      <bdi>{one.name === '' ? one.id : one.name}</bdi>
                    </a>
                  </th>
                  <td>{texts.frame.levels[one.level]}</td>
                  <td>{one.project === null ? words.all : <bdi>{one.project}</bdi>}</td>
                  <td class="wide">
                    {one.status === 'valid' ? when(one.expiresAt, words.never) : words[one.status]}
                  </td>
                  <td class="wide">{when(one.lastUsedAt, words.unused)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {token !== null && <ChosenToken key={token.id} token={token} />}
      <h3>{words.make}</h3>
      <ActForm act="token-make" button={words.makeAct} kind="go">
        <TextField name="name" label={words.name} hint={words.nameHint} maxLength={100} />
        <SelectField
          name="level"
          label={words.level}
          hint={words.levelHint}
          value="restricted"
          options={TOKEN_LEVELS.map((level) => [level, texts.frame.levels[level]] as const)}
        />
        <TextField name="project" label={words.project} hint={words.projectHint} />
        <TextField type="date" name="expires" label={words.lastDay} hint={words.lastDayHint} />
      </ActForm>
    </SettingsRow>
  );
}
