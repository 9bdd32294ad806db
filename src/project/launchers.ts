/**
 * Programs that load the code of an app into their own process, by the name or the scope of their
 * package, with the source of each. Their main script is their own and does not tell the app. Any
 * other program in `node_modules` is an app, and names itself. One text, because every program
 * loads it; in lines, which the build need not break.
 */
export const LAUNCHERS =
  '\npm2' + // https://github.com/Unitech/pm2: lib/ProcessContainer.js
  '\nnext' + // https://nextjs.org/docs/app/api-reference/cli/next
  '\nvite' + // https://vite.dev/config: the configuration is a module
  '\nvite-node' + // https://github.com/antfu-collective/vite-node
  '\nvitest' + // https://vitest.dev/guide/cli
  '\njest' + // https://jestjs.io/docs/cli
  '\njest-cli' +
  '\nmocha' + // https://mochajs.org/#command-line-usage
  '\ntsx' + // https://tsx.is
  '\nts-node' + // https://github.com/TypeStrong/ts-node
  '\nnpm' + // https://docs.npmjs.com/cli/commands/npm-exec
  '\nnuxt' + // https://nuxt.com/docs/api/commands/dev
  '\n@nuxt/' +
  '\nastro' + // https://docs.astro.build/en/reference/cli-reference
  '\n@remix-run/' + // https://remix.run/docs/other-api/dev
  '\n@react-router/' + // https://reactrouter.com/api/other-api/dev
  '\nstorybook' + // https://storybook.js.org/docs/api/cli-options
  '\ngatsby' + // https://www.gatsbyjs.com/docs/reference/gatsby-cli
  '\ngatsby-cli' +
  '\nparcel' + // https://parceljs.org/features/cli
  '\n@angular/' + // https://angular.dev/cli: its program is ng
  '\nvike' + // https://vike.dev/cli
  '\nserverless' + // https://github.com/serverless/serverless: run.js
  '\nwebpack' + // https://webpack.js.org/api/cli
  '\nwebpack-cli' +
  '\n@rspack/' + // https://rspack.rs/api/cli
  '\nrollup' + // https://rollupjs.org/command-line-interface
  '\nrolldown' + // https://rolldown.rs/reference/cli
  '\ntsup' + // https://tsup.egoist.dev
  '\ntsdown' + // https://tsdown.dev/reference/cli
  '\ngulp' + // https://gulpjs.com/docs/en/getting-started/quick-start
  '\ngulp-cli' +
  '\ngrunt' + // https://gruntjs.com/using-the-cli
  '\ngrunt-cli' +
  '\neslint' + // https://eslint.org/docs/latest/use/command-line-interface
  '\nfastify-cli' + // https://github.com/fastify/fastify-cli: start.js
  '\n@google-cloud/' + // https://github.com/GoogleCloudPlatform/functions-framework-nodejs
  '\naws-lambda-ric' + // https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
  '\nfirebase-functions' + // https://github.com/firebase/firebase-functions: src/bin/firebase-functions.ts
  '\nprobot' + // https://probot.github.io/docs/development: probot run
  '\nmoleculer' + // https://moleculer.services/docs/0.15/runner: moleculer-runner
  '\n@strapi/' + // https://docs.strapi.io/cms/cli
  '\nunbuild' + // https://github.com/unjs/unbuild: build.config
  '\nnitro' + // https://nitro.build/guide: nitro dev
  '\nnitropack' +
  '\nvitepress' + // https://vitepress.dev/reference/cli
  '\n@docusaurus/' + // https://docusaurus.io/docs/cli
  '\n@11ty/' + // https://www.11ty.dev/docs/usage
  '\n@rsbuild/' + // https://rsbuild.rs/guide/basic/cli
  '\n@playwright/' + // https://playwright.dev/docs/test-cli
  '\nplaywright' +
  '\n@cucumber/' + // https://github.com/cucumber/cucumber-js/blob/main/docs/cli.md
  '\nzx' + // https://google.github.io/zx/cli
  '\n@vue/' + // https://cli.vuejs.org/guide/cli-service.html
  '\n';
