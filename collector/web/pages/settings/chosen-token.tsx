import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsParts } from '../../page/settings-content.js';
import { usePage } from '../../page/use-page.js';
import { ActForm } from './act-form.js';
import { SecondStep } from './second-step.js';

/** A token with its sessions, and what can be done with it. */
export function ChosenToken({
  token,
}: {
  readonly token: NonNullable<SettingsParts['token']>;
}): VNode {
  const { texts, formats } = useLanguage();
  const { frame, href } = usePage();
  const words = texts.settings.tokens;
  const zone = frame.timezone ?? 'UTC';
  const { id, sessions } = token;
  return (
    <div class="chosen" id="token">
      <h3>
        <bdi>{token.name === '' ? id : token.name}</bdi> <small>{id}</small>
      </h3>
      <dl class="kv">
        <dt>{words.level}</dt>
        <dd>{texts.frame.levels[token.level]}</dd>
        <dt>{words.project}</dt>
        <dd>{token.project === null ? words.all : <bdi>{token.project}</bdi>}</dd>
        <dt>{words.made}</dt>
        <dd>{formats.moment(token.createdAt, zone)}</dd>
        <dt>{words.expires}</dt>
        <dd>{token.expiresAt === null ? words.never : formats.moment(token.expiresAt, zone)}</dd>
        <dt>{words.lastUsed}</dt>
        <dd>{token.lastUsedAt === null ? words.unused : formats.moment(token.lastUsedAt, zone)}</dd>
      </dl>
      {sessions.length === 0 ? (
        <p>{words.noSessions}</p>
      ) : (
        <>
          <div class="scroll" tabindex={0} role="region" aria-label={words.sessions}>
            <table class="tight">
              <thead>
                <tr>
                  <th scope="col">{words.signedIn}</th>
                  <th scope="col">{words.lastSeen}</th>
                  <th scope="col">
                    <span class="vh">{words.endSession}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {sessions.map((session) => (
                  <tr key={session.id}>
                    <th scope="row">{formats.moment(session.createdAt, zone)}</th>
                    <td>{formats.moment(session.lastSeenAt, zone)}</td>
                    <td>
                      <ActForm
                        act="session-end"
                        hidden={{ id, session: session.id }}
                        button={words.endSession}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <ActForm act="sessions-end" hidden={{ id }} button={words.endSessions} />
        </>
      )}
      <SecondStep
        act="token-rotate"
        hidden={{ id }}
        summary={words.rotate}
        confirm={words.rotateUnderstood}
        button={words.rotateAct}
        kind="no"
      />
      <SecondStep
        act="token-revoke"
        hidden={{ id }}
        summary={words.revoke}
        confirm={words.revokeUnderstood}
        button={words.revokeAct}
        kind="no"
      />
      <p>
        <a class="small" href={`${href({ token: undefined })}#tokens`}>
          {texts.settings.close}
        </a>
      </p>
    </div>
  );
}
