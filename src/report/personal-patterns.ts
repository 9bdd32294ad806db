/** The kinds of personal data that are replaced. A path becomes `<path>`. */
export const SANITIZE_LABELS = {
  secret:
    'a key, token, password or anything that looks random; the number of a phone, a card, an account or a person',
  url: 'a URL, or a git remote',
  email: 'an e-mail address',
  address: 'a network address (IPv4, IPv6 or MAC), coordinates, or a street',
  path: 'a path of a file or folder, a home, a variable that holds one',
  host: 'the name of a machine: this one, or one that looks like it',
  user: 'the name of this machine’s user, or of their home',
} as const;

/** One of the kinds of personal data that must not be sent. */
export type SanitizeLabel = keyof typeof SANITIZE_LABELS;

const octet = '(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)';
const hextets = '[\\da-f]{1,4}(?::[\\da-f]{1,4})';
const any = (...patterns: string[]): string => patterns.join('|');
const oneOf = (words: string): string => `(?:${words.replaceAll(' ', '|')})`;

/** Words after the @ of a package's name, https://docs.npmjs.com/cli/commands/npm-dist-tag. */
const DIST_TAGS = oneOf(
  'latest next beta alpha rc canary nightly dev experimental stable edge lts insiders pre preview release snapshot legacy workspace npm latin cyrillic euro',
);
const TLDS = 'com|net|org|io|dev|app|cloud';
const COUNTRIES = 'de|uk|eu|fr|jp|cn|ru|edu|gov|me|ly|co|ch|nl|it|es|pl|se|at|br|ca|au|us|info|xyz';
/** What follows `home/` or `users/` in the words of an app, and is nobody's name. */
const NO_NAMES = oneOf(
  'groups? roles? list page index away work all new me search teams? settings login logout edit office permissions accounts? profile admins? orgs? screen about create delete update invite garden tab view menu feed page-\\w+ and or dashboard overview main start products? news contact explore library security billing notifications? status activity history stats export import tags? hero banner header footer top',
);
const NAMES_OF_SECRETS = oneOf(
  'passw(?:or)?d passwd pwd pw secret token api[-_]?key access[-_]?key account[-_]?key credentials? auth(?:orization)? session(?:id)? cookie',
);
/** Values that are settings, not secrets. */
const SETTINGS = oneOf(
  'true false none null on off yes no new auto always never required optional',
);
/** Where the folders of a project begin. */
const ROOTS = oneOf(
  'src lib dist build packages apps work code projects? repos? git dev workspaces? sites www srv data clients? customers?',
);
/** Letters of both cases and digits, as only a random text has them. */
const random = (characters: number): string =>
  `(?=[A-Za-z_]*\\d)(?=[a-z\\d_]*[A-Z])(?=[A-Z\\d_]*[a-z])\\w{${characters}}`;

/**
 * The patterns in order: the text is labelled by the first one that matches. The second pattern of
 * an entry distinguishes upper and lower case.
 */
export const PERSONAL_PATTERNS: readonly (readonly [SanitizeLabel, string, string?])[] = [
  [
    'secret',
    any(
      '-----BEGIN',
      '\\b(?:AKIA|ASIA|AROA|AIDA)[A-Z\\d]{12}', // AWS
      '\\b(?:gh[opusr]|github_pat|npm|hf|shp[a-z]{2}|dop_v1|vercel|lin_api|dckr_pat|figd|ntn|sbp|pscale_tkn|rubygems|whsec|sntrys|glc|gsk)_[\\w-]{9}',
      '\\b(?:gl(?:pat|dt|rt|ptt|soat)|xox[a-z]|xapp|dckr_pat|gocspx|sq0[a-z]{3}|xkeysib|tskey-\\w+|p[mn]ak|nrak|nvapi)-(?=[\\w-]*\\d|\\w{14})[\\w-]{6}',
      '\\bpypi-ag|\\bage-secret-key|\\bage1[a-z\\d]{20}|\\bvault:v\\d:',
      '\\b(?:ya29|hv[bs]|dp\\.[a-z]{2}|tfp)[._-][\\w-]{8}|\\b1//0\\w', // Google, Vault, Doppler
      '\\b(?:[sprw]k|sk-ant)[-_](?:live|test|proj|api)[-_\\d]', // Stripe, OpenAI, Anthropic
      '\\bsk-(?=[\\w-]*\\d)[\\w-]{8}|\\bsk-\\w{16}',
      '\\bAIza[\\w-]{10}', // Google
      '\\beyJ[\\w-]{6,}|_eyJ\\w', // JSON in base64: a JWT
      '\\bSG\\.[\\w-]{8}', // SendGrid
      '\\bssh-(?:rsa|dss|ed25519)\\b|\\bAAAA[BCE]3Nz',
      `${NAMES_OF_SECRETS}["']?\\s*=\\s*(?!${SETTINGS}\\b)\\S`,
      `${NAMES_OF_SECRETS}["']?\\s*:\\s*["']?(?=\\S*[^a-z\\s-])\\S{4}`,
      `${NAMES_OF_SECRETS}["']?\\s*:\\s+(?!${SETTINGS}\\b)\\S`,
      '\\b(?:bearer|basic)\\s+(?=\\S*[\\d=+/._]|\\w{12})[\\w+/=.-]{6}',
      '(?<![\\da-f])[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}', // a UUID
      '(?<![a-z\\d])(?=[a-f]*\\d)(?=\\d*[a-f])[\\da-f]{12,}(?![a-z\\d])',
      '\\d{9}',
      '(?=[a-z+/=]*\\d)[a-z\\d+/=]{32}|[\\w+/=]{41}',
      '(?<![a-z\\d])(?=[a-z+/=]*\\d+[a-z+/=]+\\d)[a-z\\d+/=]{20,}',
      '[a-z][\\u0400-\\u04ff]|[\\u0400-\\u04ff][a-z]', // letters of another script among Latin ones
      // Phones: with a country, in brackets, and as in North America, Europe, China and India.
      '(?<![\\w.])(?:\\+|00)[1-9]\\d{0,2}(?:[\\s./()-]{0,3}\\d){6,13}(?!\\w)',
      '\\(0?\\d{1,4}\\)[\\s.-]?\\d{2,5}[\\s.-]?\\d{3}',
      '(?<![\\w.-])(?:1[-. ])?\\d{3}[-. ]\\d{3}[-. ]\\d{4}(?![\\w.-])',
      '(?<![\\w.,-])(?=(?:[\\s/-]?\\d){9,12}(?![-/]?\\w))0\\d{1,4}[\\s/-]\\d{2}',
      '(?<![\\w.-])(?:\\d{3}-\\d{4}-\\d{4}|[6-9]\\d{4} \\d{5})(?![\\w-])',
      // Cards, social security and tax numbers
      '(?<!\\d)(?:\\d{4}[ -]){3}\\d{1,4}(?!\\d)|\\b3[47]\\d\\d[ -]\\d{6}[ -]\\d{5}',
      '(?<![\\w-])(?:\\d{3}-\\d\\d-\\d{4}|\\d\\d-\\d{7}|\\d{6}-\\d{4})(?![\\w-])',
      '\\b\\d{3}\\.\\d{3}\\.\\d{3}-\\d\\d\\b|\\b[12] \\d\\d \\d\\d \\d\\d \\d{3} \\d{3}',
    ),
    any(
      `\\b[a-z]{2,10}[-_]${random(12)}`, // a token or ID with its prefix
      '(?<![\\w-])(?=(?:[A-Za-z_-]*\\d+){3})(?=[\\w-]*[A-Z])(?=[\\w-]*[a-z][A-Z\\d])(?=[\\w-]*\\d[a-z]|[\\w-]*[A-Z]\\d)(?:[A-Za-z_-]+\\d+){3}[\\w-]*(?<=[\\w-]{16})',
      '\\bEAA[A-Z]\\w{8}|\\bATATT?[\\dA-Z]\\w{6}',
      '\\b[A-Z]{2}\\d{2}(?: ?[A-Z\\d]{4}){3,7}(?: ?[A-Z\\d]{1,3})?\\b', // IBAN
      '\\b[A-Z]{2} ?\\d\\d ?\\d\\d ?\\d\\d ?[A-D]\\b|\\b[A-Z]\\d{8}\\b', // NINO, passport
      '\\b(?=(?:[A-Z]*\\d){5})(?=\\d*[A-Z])[A-Z\\d]{14,}\\b', // VIN
    ),
  ],
  [
    'url',
    any(
      '[a-z][a-z\\d+.-]+://|\\bhxxps?:|\\w\\[\\.\\][a-z]{2,}\\b/?',
      '\\b(?:mailto|tel|sms|sips?|urn|javascript):\\S|\\bdata:[\\w.+-]*[/,;]|\\b(?:file|ssh):/',
      '\\bwww\\.',
      '[\\w.-]+@[\\w.-]+:(?!\\d)', // git@host:path
      `\\w\\.(?:${TLDS}|${COUNTRIES})/[\\w~@-]`, // a remote without its scheme
      '\\b(?!npm:)[\\w.-]+:[^\\s:@/]+@[a-z]', // user:password@host
    ),
  ],
  [
    'email',
    any(
      '[^\\s@<>]+@[^\\s@/]+\\.[^\\W\\d]{2,}',
      '[^\\s@]+@\\[?\\d+(?:\\.\\d+){3}',
      `\\b[a-z][\\w.-]*@(?!${DIST_TAGS}\\b)[a-z][\\w-]{2,}`, // user@host
      '\\w\\s*[\\[({]\\s*(?:at|@)\\s*[\\])}]\\s*\\w|\\w+ at \\w+ dot \\w+',
    ),
  ],
  [
    'address',
    any(
      `(?<![\\w.-])(?:${octet}\\.){3}${octet}(?![\\w.-]*[a-z\\d])`,
      '\\d\\[\\.\\]\\d|\\b(?:0x[\\da-f]{1,2}\\.){3}0x|\\b0[0-7]{3}(?:\\.0?[0-7]{1,4}){3}',
      `(?<![\\w:.])(?:${hextets}{7}|(?:${hextets}*)?::(?:${hextets}*)?)(?![\\w:])`,
      '\\b(?:[\\da-f]{1,2}[:-]){5}[\\da-f]{2}\\b',
      '\\b[\\da-f]{4}\\.[\\da-f]{4}\\.[\\da-f]{4}\\b',
      '(?<![\\d.])-?\\d{1,3}\\.\\d{3,}\\s*[,;\\s]\\s*-?\\d{1,3}\\.\\d{3,}',
      '\\d\\s?°\\s?\\d|\\d\\.\\d{2,}\\s?°|\\bgeo:-?\\d|\\b(?:lat|lon|lng|latitude|longitude)["\']?\\s*[=:]\\s*-?\\d',
      '(?:stra(?:ß|ss)e|\\wstr\\.|gasse|allee|platz)\\s\\d|,\\s\\d{5}\\s[a-z]',
    ),
    any(
      '\\b[2-9CFGHJMPQRVWX]{4,8}\\+[2-9CFGHJMPQRVWX]{2,3}\\b', // a plus code
      `\\b\\d{1,5}[A-Z]?\\s(?:[A-Z][\\w.'-]+\\s){1,3}${oneOf('Street St Road Rd Avenue Ave Lane Ln Drive Boulevard Blvd Court Square Way')}\\b`,
    ),
  ],
  [
    'path',
    any(
      '\\b[a-z]:\\\\|\\\\\\\\|[\\w$)]\\\\[\\w.$]{2}|\\.\\\\|\\\\[ux][\\da-f]{2}', // Windows, UNC, escapes
      '(?:^|[^a-z])[a-z]:/',
      '(?:^|[\\s=:,;"\'`(\\[{<>|])[~.]{0,2}/[^\\s]',
      '(?:^|\\s)~(?:$|[a-z])',
      '(?:^|[/.])\\.\\.?/',
      `\\b(?:home|users)/(?!${NO_NAMES}(?![\\w-]))[^/\\s]`,
      '\\b(?:node_modules|appdata|\\.config)/[^/]|\\bmnt/[a-z]/',
      '\\b(?:tmp|opt|desktop|documents|downloads)/[^/\\s]*[\\d.-]|\\bopt/[\\w.-]+/(?:bin|lib|etc|share|app)\\b|\\betc/(?:passwd|shadow|hosts|ss[hl])',
      '\\bvar/(?:lib|log|www|tmp|run|home|folders)\\b',
      '%\\w{3,}%|\\$\\{?env:|\\$\\(\\w+\\)',
      '(?:^|[^@/\\w.-])[\\w.-]+(?:/[\\w.-]+){4}',
      `(?:^|[^@/\\w.-])(?!(?:[a-z]{2,10}/){3}[a-z]{2,10}(?![\\w./-]))[\\w.-]+(?:/[\\w.-]+){3}`,
      `(?:^|[^@/\\w.-])${ROOTS}/[\\w.-]+/[\\w.-]+/`,
      '^[^@].*/[\\w.-]*\\.(?!io\\b)[a-z]\\w{0,4}$', // a file in a folder
      '(?:^|[\\s/])\\.(?:ssh|aws|git|config|kube|docker|gnupg)/|/\\.(?:ssh|aws|env|npmrc|netrc|git|config|kube|docker|gnupg)\\b',
      '\\bhkey_|\\bhk(?:lm|cu)\\b|\\bid_(?:rsa|dsa|ecdsa|ed25519)\\b',
    ),
    '\\$\\{?[A-Z_]{2}|\\b(?:Desktop|Documents|Downloads|Volumes)/(?!Mobile|Web|Tablet|Laptop|Images)\\w',
  ],
  [
    'host',
    any(
      '[\\w-](?<!(?:^|\\s)\\.[\\w-]+)\\.(?:local|localdomain|lan|internal|intranet|corp|home|fritz\\.box|arpa)\\.?(?![\\w.])',
      `\\.[\\w-]+\\.(?:${TLDS}|${COUNTRIES}|example|test|invalid)\\.?(?![\\w.-])`,
      '\\b(?:desktop|laptop|win)-[a-z\\d]{7,}\\b(?<=\\d.{0,10})',
      '\\w{2}(?<!window)s-(?:macbook|imac|mac-?mini|mbp|laptop|desktop|pc|computer|iphone|ipad)',
      '\\w-(?:macbook|imac|mbp|thinkpad|pc)(?![\\w-])',
      "\\w['’]s (?:macbook|imac|mac|laptop|desktop|pc|computer|iphone|ipad)\\b",
      '\\bip-\\d+-\\d+-\\d+-\\d+|\\blocalhost\\b|\\bxn--\\w',
    ),
  ],
];
