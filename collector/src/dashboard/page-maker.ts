import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Content } from '../../web/page/content.js';
import type { Frame, Page } from '../../web/page/page.js';
import { PROJECT_PAGES } from '../../web/page/project-pages.js';
import type { Access } from '../access/access.js';
import { type Caller, levelFor, PUBLIC } from '../access/caller.js';
import { atLeast, type Level } from '../access/level.js';
import type { Projects } from '../access/projects.js';
import { ERRORS, ProblemError } from '../errors.js';
import { dayOf, isZone, type Zone } from '../rules/day.js';
import { VERSION } from '../version.js';
import { askAbout, type Asked, RefusedError } from './gather.js';
import type { Renderer } from './open-renderer.js';
import type { Asker, PageSession } from './page-session.js';
import { toProblemPage } from './problem-of.js';
import { PROJECT_PAGE_PARTS } from './project-pages.js';
import { readPreferences } from './read-preferences.js';
import { readView } from './read-view.js';
import { backOf } from './back-of.js';
import { isKnownParameter as isKnown } from './known-parameters.js';
import { sendPage } from './send-page.js';
import type { WebFiles } from './web-files.js';

/** What pages are made with. */
export interface PageMakerParts {
  readonly access: Access;
  readonly asker: Asker;
  readonly projects: Pick<Projects, 'find' | 'list' | 'zoneOf' | 'visibilityOf'>;
  /** Groups of fewer people are not public. */
  readonly k: number;
  /** The path below which a proxy offers the collector. */
  readonly basePath: string;
  readonly now: () => Date;
  readonly readFiles: () => Promise<WebFiles>;
  readonly openRenderer: () => Promise<Renderer>;
  /** What forms of the caller's session send along; `null` without a session. */
  readonly formKeyOf: (request: FastifyRequest) => string | null;
  /** Called for an error that no caller has made. */
  readonly onFailure: (error: unknown) => void;
}

/** What a page is made of, besides the request. */
export interface MadePage {
  readonly status: number;
  readonly content: Content;
  readonly asOf: string | null;
}

/** Makes a page about a project; see {@link Asked}. */
export type MakePage = (asked: Asked) => Promise<Content>;

/** Answers requests with pages. */
export interface PageMaker {
  /** Answers with a page that asks the API; about a project, if there is one. */
  answer(
    request: FastifyRequest,
    reply: FastifyReply,
    project: string | null,
    make: MakePage,
    options?: AnswerOptions,
  ): Promise<FastifyReply>;
  /** Answers with a page that needs no figures. */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    made: Pick<MadePage, 'status' | 'content'> & About,
  ): Promise<FastifyReply>;
}

interface AnswerOptions {
  /**
   * The status of a page that can be made.
   *
   * @default 200
   */
  readonly status?: number;
  /**
   * Whether it is what the caller sees, or what the public sees whoever calls.
   *
   * @default 'caller'
   */
  readonly audience?: Audience;
  /**
   * Whether the page shows counts.
   *
   * @default true
   */
  readonly needsCounts?: boolean;
}

/** For whom a page is. */
export type Audience = 'caller' | 'public';

/** What a page is about, and for whom. */
interface About {
  readonly project?: string | null;
  readonly audience?: Audience;
}

/** Projects in the menu; the list of all is a page of its own. */
const MAX_SWITCHABLE = 50;

/** How long a choice of language or theme is remembered, in seconds: a year. */
const CHOICE_SECONDS = 365 * 24 * 60 * 60;

export function createPageMaker(parts: PageMakerParts): PageMaker {
  const { access, asker, projects, basePath, now } = parts;

  /** The caller; the public with a token that is not valid. */
  const callerOf = (request: FastifyRequest): Caller => {
    try {
      return access.callerOf(request);
    } catch (error) {
      if (error instanceof ProblemError) return PUBLIC;
      throw error;
    }
  };

  const frameOf = (
    request: FastifyRequest,
    { project = null, audience = 'caller' }: About,
    asOf: string | null,
  ): Frame => {
    const caller = callerOf(request);
    const level = levelFor(caller, project);
    const seenAs = audience === 'public' ? 'public' : level;
    const query = queryOf(request);
    const { language, theme } = readPreferences(request, query);
    const known = project === null ? undefined : projects.find(project);
    const seen = known === undefined || seenAs === 'public' ? null : project;
    const shown = known !== undefined && isShown(seenAs, project) ? known : null;
    return {
      ...{ language, theme, basePath, query, asOf, level, callerLevel: caller.level },
      path: request.url.split('?', 1)[0] ?? '/',
      origin: `${request.protocol}://${request.host}`,
      project: shown?.project ?? null,
      projects: switchable(caller),
      isInvented: shown?.invented ?? false,
      pages: seen === null ? [] : PROJECT_PAGES.filter((page) => isOpen(page, level)),
      isPublicPage: audience === 'public',
      hasPublicPage: project !== null && projects.visibilityOf(project) !== 'none',
      callerName: caller.level === 'public' ? null : caller.name,
      formKey: parts.formKeyOf(request),
      timezone: asOf === null ? null : projects.zoneOf(project),
      clock: readClock(query['zone'], projects.zoneOf(project)),
      madeAt: now().toISOString(),
      version: VERSION,
    };
  };

  /** A caller with a token for one project sees no other. */
  const switchable = (caller: Caller): readonly string[] =>
    projects
      .list()
      .flatMap(({ project }) => (levelFor(caller, project) === 'public' ? [] : project))
      .slice(0, MAX_SWITCHABLE);

  const isShown = (level: Level, project: string | null): boolean =>
    level !== 'public' || (project !== null && projects.visibilityOf(project) !== 'none');

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    {
      content,
      status,
      asOf = null,
      ...about
    }: Partial<MadePage> & Pick<MadePage, 'content' | 'status'> & About,
  ): Promise<FastifyReply> => {
    const page: Page = { frame: frameOf(request, about, asOf), content };
    for (const [name, value] of Object.entries(readPreferences(request, queryOf(request)).chosen)) {
      const path = basePath === '' ? '/' : basePath;
      reply.setCookie(name, value, { path, maxAge: CHOICE_SECONDS, sameSite: 'lax' });
    }
    const [renderer, files] = await Promise.all([parts.openRenderer(), parts.readFiles()]);
    return sendPage(reply, page, status, { renderer, files, basePath });
  };

  const gather = async (
    request: FastifyRequest,
    session: PageSession<string | null>,
    project: string,
    make: MakePage,
    audience: Audience,
  ): Promise<Content> => {
    const timezone = projects.zoneOf(project);
    const query = queryOf(request);
    const asOf = session.asOf ?? now().toISOString();
    return make({
      ...{ project, query, timezone },
      view: readView(query, dayOf(Date.parse(asOf), timezone)),
      level: audience === 'public' ? 'public' : levelFor(callerOf(request), project),
      asOf,
      now: now().toISOString(),
      ...{ ask: session.ask, k: parts.k },
      ...askAbout(project, session.ask),
    });
  };

  return {
    send,
    answer: async (
      request,
      reply,
      project,
      make,
      { status = 200, audience = 'caller', needsCounts = true } = {},
    ) => {
      let made: MadePage;
      let session: PageSession<string | null> | undefined;
      try {
        // A token that is not valid is told so, not shown what the public sees.
        access.callerOf(request);
        const as = audience === 'public' ? { credential: null } : {};
        session = needsCounts
          ? await asker.open(request, as)
          : await asker.openWithoutCounts(request, as);
        const content = await gather(request, session, project ?? '', make, audience);
        made = { status, content, asOf: session.asOf };
      } catch (error) {
        made = { ...failed(error, backOf(request), parts.onFailure), asOf: null };
      } finally {
        session?.close();
      }
      return send(request, reply, { ...made, project, audience });
    },
  };
}

/** Whether a caller of a level sees a page of a project. */
export function isOpen(page: keyof typeof PROJECT_PAGE_PARTS, level: Level): boolean {
  const part = PROJECT_PAGE_PARTS[page];
  return part !== undefined && atLeast(level, part.level);
}

/** Parameters of a URL that pages know: others, and longer ones, would come back in every link. */
const queryOf = ({ query }: FastifyRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(query as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
      typeof value === 'string' && isKnown(name, value) ? [[name, value]] : [],
    ),
  );

/** The zone that a visitor wants moments in; that of the days without one. */
const readClock = (wanted: string | undefined, zone: Zone): Zone =>
  wanted !== undefined && isZone(wanted) ? wanted : zone;

/** The page in the place of one that cannot be made. */
function failed(
  error: unknown,
  back: string | null,
  onFailure: (error: unknown) => void,
): Pick<MadePage, 'status' | 'content'> {
  if (error instanceof RefusedError) {
    return toProblemPage(error.refusal, back);
  }
  if (error instanceof ProblemError) {
    const { code } = error;
    return toProblemPage({ code, status: ERRORS[code].status }, back);
  }
  onFailure(error);
  const content = { page: 'problem', problem: 'failed', back } as const;
  return { status: 500, content };
}
