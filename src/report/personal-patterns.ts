/** The kinds of personal data that are replaced. A path becomes `<path>`. */
export const SANITIZE_LABELS = {
  secret: 'a key, token, password or anything that looks random: hexadecimal, base64, a UUID',
  url: 'a URL, or a git remote',
  email: 'an e-mail address',
  address: 'a network address: IPv4, IPv6 or MAC',
  path: 'a path of a file or folder, a home, a variable that holds one',
  host: 'the name of a machine: this one, or one that looks like it',
  user: 'the name of this machine’s user, or of their home',
} as const;

/** One of the kinds of personal data that must not be sent. */
export type SanitizeLabel = keyof typeof SANITIZE_LABELS;

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const hextets = '[\\da-f]{1,4}(?::[\\da-f]{1,4})';
const any = (...patterns: string[]): string => patterns.join('|');

/** Words after the @ of a package's name, https://docs.npmjs.com/cli/commands/npm-dist-tag. */
const DIST_TAGS =
  '(?:latest|next|beta|alpha|rc|canary|nightly|dev|experimental|stable|edge|lts|insiders|pre|preview|release|snapshot|legacy|workspace|npm)\\b';

/** The patterns in order: the text is labelled by the first one that matches. */
export const PERSONAL_PATTERNS: readonly (readonly [SanitizeLabel, string])[] = [
  [
    'secret',
    any(
      '-----BEGIN',
      '\\b(?:AKIA|ASIA|AROA|AIDA)[A-Z\\d]{12}', // AWS
      '\\b(?:gh[opusr]|github_pat|glpat|npm|pypi|xox[a-z]|xapp|hf|shp[a-z]{2}|dop_v1|hvs|vercel|tfp|lin_api)[_-][\\w-]{10}',
      '\\b(?:[sprw]k|sk-ant|rk)[-_](?:live|test|proj|api)[-_\\d]', // Stripe, OpenAI, Anthropic
      '\\bsk-\\w{8}',
      '\\bAIza[\\w-]{10}', // Google
      '\\beyJ[\\w-]{6,}', // JSON in base64: a JWT
      '\\bSG\\.[\\w-]{8}', // SendGrid
      '\\bssh-(?:rsa|dss|ed25519)\\b|\\bAAAA[BCE]3Nz',
      '(?:passw(?:or)?d|passwd|pwd|secret|token|api[-_]?key|credentials?|auth(?:orization)?|session(?:id)?|cookie)["\']?\\s*[=:]',
      '\\b(?:bearer|basic)\\s+[\\w+/=.-]{6}',
      '(?<![\\da-f])[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}', // a UUID
      '(?<![a-z\\d])(?=[a-f]*\\d)(?=\\d*[a-f])[\\da-f]{12,}(?![a-z\\d])',
      '\\d{9}',
      '(?=[a-z+/=]*\\d)[a-z\\d+/=]{32}|[\\w+/=]{41}',
      '(?<![a-z\\d])(?=[a-z+/=]*\\d+[a-z+/=]+\\d)[a-z\\d+/=]{20,}',
    ),
  ],
  [
    'url',
    any(
      '[a-z][a-z\\d+.-]+://',
      '\\b(?:data|mailto|file|ssh|tel|urn|javascript):',
      '\\bwww\\.',
      '[\\w.-]+@[\\w.-]+:(?!\\d)', // git@host:path
      '\\w\\.(?:com|net|org|io|dev|app|cloud)/[\\w~@-]', // a remote without its scheme
    ),
  ],
  [
    'email',
    any(
      '[^\\s@<>]+@[^\\s@/]+\\.[^\\W\\d]{2,}',
      '[^\\s@]+@\\[?\\d+(?:\\.\\d+){3}',
      `\\b[a-z][\\w.-]*@(?!${DIST_TAGS})[a-z][\\w-]{2,}`, // user@host
    ),
  ],
  [
    'address',
    any(
      `(?<![\\w.-])(?:${octet}\\.){3}${octet}(?![\\w.-]*[a-z\\d])`,
      `(?<![\\w:.])(?:${hextets}{7}|(?:${hextets}*)?::(?:${hextets}*)?)(?![\\w:])`,
      '\\b(?:[\\da-f]{2}[:-]){5}[\\da-f]{2}\\b',
      '\\b[\\da-f]{4}\\.[\\da-f]{4}\\.[\\da-f]{4}\\b',
    ),
  ],
  [
    'path',
    any(
      '\\\\', // Windows, UNC, and escapes
      '(?:^|[^a-z])[a-z]:/',
      '(?:^|[\\s=:,;"\'`(\\[{<>|])[~.]{0,2}/[^\\s]',
      '(?:^|\\s)~(?:$|[a-z])',
      '(?:^|[/.])\\.\\.?/',
      '\\b(?:home|users|documents|desktop|downloads|appdata|node_modules|tmp|var|opt|mnt|volumes|private|etc)/[^/]',
      '%\\w+%|\\$\\{?[a-z_]|\\$env:',
      '(?:^|[^@/\\w.-])[\\w.-]+(?:/[\\w.-]+){3}',
      '^[^@].*/[\\w.-]*\\.(?!io\\b)[a-z]\\w{0,4}$', // a file in a folder
      '(?:^|/)\\.(?:ssh|aws|env|npmrc|netrc|git|config|kube|docker|gnupg)\\b',
    ),
  ],
  [
    'host',
    any(
      '[\\w-]\\.(?:local|localdomain|lan|internal|intranet|corp|home|fritz\\.box|arpa)\\.?(?![\\w.])',
      '\\.[\\w-]+\\.(?:com|net|org|io|dev|app|cloud|de|uk|eu|fr|jp|cn|ru|edu|gov)(?![\\w.-])',
      '\\b(?:desktop|laptop|win)-[a-z\\d]{7,}\\b(?<=\\d.{0,10})',
      '\\w{2}(?<!window)s-(?:macbook|imac|mac-?mini|mbp|laptop|desktop|pc|computer|iphone|ipad)',
      '\\bip-\\d+-\\d+-\\d+-\\d+|\\blocalhost\\b',
    ),
  ],
];
