import tseslint from 'typescript-eslint';

const noPlatform = [
  'error',
  {
    patterns: [
      {
        group: ['node:*'],
        allowTypeImports: true,
        message: 'Only the platform folders and the edges named in eslint.config.js touch node:*.',
      },
    ],
  },
];

const restrictedGlobals = ['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch'].map(
  (name) => ({
    name,
    message: 'Take it from the platform, so that tests can inject it.',
  }),
);

const restrictedProperties = [
  { object: 'Date', property: 'now', message: 'Take the clock from the platform.' },
  { object: 'Math', property: 'random', message: 'Take randomness from the platform.' },
  {
    object: 'dns',
    property: 'lookup',
    message: 'A pending getaddrinfo holds exit for 10 s (ADR 0001).',
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'bench/results/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    files: [
      'src/**/*.ts',
      'test/**/*.ts',
      'collector/src/**/*.ts',
      'collector/web/**/*.{ts,tsx}',
      'collector/test/**/*.{ts,tsx}',
    ],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [
      'src/{,adapters/,edge/,host/,host/deferred/,host/exit/,sender/,vscode/}platform/**',
      'src/{cli,testing,check}/**',
      'src/bin.ts',
    ],
    rules: {
      '@typescript-eslint/no-restricted-imports': noPlatform,
      'no-restricted-globals': ['error', ...restrictedGlobals],
      'no-restricted-properties': ['error', ...restrictedProperties],
    },
  },
  {
    // What the benchmark runs as a program in CommonJS.
    files: ['bench/client/**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['test/**/*.ts', 'collector/test/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
);
