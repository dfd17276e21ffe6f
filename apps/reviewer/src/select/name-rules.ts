import type { SkipReason } from './selection.ts'

/** Files that nobody wrote, or not here, told by their names. */
export interface NameRule {
  readonly reason: Extract<SkipReason, 'lock-file' | 'vendored' | 'generated' | 'minified'>
  readonly why: string
  readonly globs: readonly string[]
}

export const NAME_RULES: readonly NameRule[] = [
  {
    reason: 'lock-file',
    why: 'is written by a package manager',
    globs: [
      ...[
        'package-lock.json',
        'npm-shrinkwrap.json',
        'yarn.lock',
        'pnpm-lock.yaml',
        'bun.lock',
        'bun.lockb',
        'deno.lock',
      ],
      ...['Cargo.lock', 'go.sum', 'go.work.sum', 'poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock', 'pixi.lock'],
      ...[
        'Gemfile.lock',
        'composer.lock',
        'mix.lock',
        'pubspec.lock',
        'Podfile.lock',
        'Package.resolved',
        'flake.lock',
      ],
      ...['packages.lock.json', 'gradle.lockfile', 'Cartfile.resolved', 'MODULE.bazel.lock', '.terraform.lock.hcl'],
    ].map((name) => `**/${name}`),
  },
  {
    reason: 'vendored',
    why: 'belongs to somebody else, whose code it is a copy of',
    globs: [
      'vendor',
      'node_modules',
      'third_party',
      'third-party',
      'bower_components',
      'Pods',
      'Carthage',
      '.yarn',
    ].map((folder) => `**/${folder}/**`),
  },
  {
    reason: 'minified',
    why: 'is minified',
    globs: ['**/*.min.{js,mjs,cjs,css}', '**/*.{js,mjs,css}.map'],
  },
  {
    reason: 'generated',
    why: 'is generated',
    globs: [
      ...['**/*.pb.{go,cc,h,swift}', '**/*_pb.{js,ts}', '**/*_pb.d.ts', '**/*_pb2{,_grpc}.py{,i}', '**/*.pb.gw.go'],
      ...[
        '**/*.{generated,gen}.*',
        '**/*_{generated,gen}.*',
        '**/zz_generated*',
        '**/generated/**',
        '**/__generated__/**',
      ],
      ...['**/*.g.{dart,cs}', '**/*.freezed.dart', '**/*.designer.cs', '**/*.Designer.cs', '**/*.g.verified.cs'],
      ...['**/__snapshots__/**', '**/*.snap', '**/dist/**'],
    ],
  },
]
