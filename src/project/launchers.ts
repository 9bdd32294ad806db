/**
 * Programs that load the code of an app into their own process, by the name or the scope of their
 * package, with the source of each. Their main script is their own and does not tell the app. Any
 * other program in `node_modules` is an app, and names itself. One text, because every program
 * loads it.
 */
export const LAUNCHERS =
  ' pm2' + // https://github.com/Unitech/pm2: lib/ProcessContainer.js
  ' next' + // https://nextjs.org/docs/app/api-reference/cli/next
  ' vite' + // https://vite.dev/config: the configuration is a module
  ' vite-node' + // https://github.com/antfu-collective/vite-node
  ' vitest' + // https://vitest.dev/guide/cli
  ' jest' + // https://jestjs.io/docs/cli
  ' jest-cli' +
  ' mocha' + // https://mochajs.org/#command-line-usage
  ' tsx' + // https://tsx.is
  ' ts-node' + // https://github.com/TypeStrong/ts-node
  ' npm' + // https://docs.npmjs.com/cli/commands/npm-exec
  ' nuxt' + // https://nuxt.com/docs/api/commands/dev
  ' @nuxt/' +
  ' astro' + // https://docs.astro.build/en/reference/cli-reference
  ' @remix-run/' + // https://remix.run/docs/other-api/dev
  ' @react-router/' + // https://reactrouter.com/api/other-api/dev
  ' storybook' + // https://storybook.js.org/docs/api/cli-options
  ' gatsby' + // https://www.gatsbyjs.com/docs/reference/gatsby-cli
  ' gatsby-cli' +
  ' parcel' + // https://parceljs.org/features/cli
  ' @angular/' + // https://angular.dev/cli: its program is ng
  ' vike' + // https://vike.dev/cli
  ' serverless' + // https://github.com/serverless/serverless: run.js
  ' webpack' + // https://webpack.js.org/api/cli
  ' webpack-cli' +
  ' @rspack/' + // https://rspack.rs/api/cli
  ' rollup' + // https://rollupjs.org/command-line-interface
  ' rolldown' + // https://rolldown.rs/reference/cli
  ' tsup' + // https://tsup.egoist.dev
  ' tsdown' + // https://tsdown.dev/reference/cli
  ' gulp' + // https://gulpjs.com/docs/en/getting-started/quick-start
  ' gulp-cli' +
  ' grunt' + // https://gruntjs.com/using-the-cli
  ' grunt-cli' +
  ' eslint' + // https://eslint.org/docs/latest/use/command-line-interface
  ' fastify-cli' + // https://github.com/fastify/fastify-cli: start.js
  ' @google-cloud/' + // https://github.com/GoogleCloudPlatform/functions-framework-nodejs
  ' aws-lambda-ric' + // https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
  ' ';
