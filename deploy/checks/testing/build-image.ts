import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildContext } from './build-context.ts'
import { type Instruction, parseDockerfile } from './dockerfile.ts'

/** What the last stage of the Dockerfile left: its own files, those of its base image left out, and how it starts. */
export type Image = {
  readonly root: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  /** As `USER` says it: user:group. */
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly healthcheck: readonly string[]
  readonly labels: string
}

type Stage = { name: string; root: string; workdir: string; instructions: Instruction[] }

const project = fileURLToPath(new URL('../../../', import.meta.url))
const dockerfile = join(project, 'deploy/docker/Dockerfile')
/** Do nothing to the files of a stage. */
const settings = new Set([
  'ARG',
  'LABEL',
  'ENV',
  'USER',
  'EXPOSE',
  'VOLUME',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'ENTRYPOINT',
  'CMD',
])

/**
 * Does by hand what a builder does with our Dockerfile, each stage in an empty folder below `folder`. Base images
 * cannot be had here: node and npm are this machine's, and RUN sees all of its files.
 */
export function buildImage(folder: string): Image {
  const stages: Stage[] = []
  for (const instruction of parseDockerfile(readFileSync(dockerfile, 'utf8'))) {
    if (instruction.keyword === 'FROM') stages.push(newStage(folder, instruction, stages.length))
    else apply(instruction, stages)
  }
  const last = stages.at(-1)
  if (last === undefined) throw new Error('this Dockerfile has no stage')
  return describe(last)
}

function newStage(folder: string, { words }: Instruction, index: number): Stage {
  const name = words[1] === 'AS' ? (words[2] ?? '') : String(index)
  const root = join(folder, name)
  mkdirSync(root)
  chmodSync(root, 0o755)
  return { name, root, workdir: '/', instructions: [] }
}

function apply(instruction: Instruction, stages: readonly Stage[]): void {
  const stage = stages.at(-1)
  const { keyword, flags, rest, words } = instruction
  // An ARG before the first FROM is for the names of base images.
  if (stage === undefined) return
  stage.instructions.push(instruction)
  if (keyword === 'WORKDIR') {
    stage.workdir = posix.resolve(stage.workdir, rest.trim())
    mkdirSync(join(stage.root, stage.workdir), { recursive: true })
  } else if (keyword === 'COPY') {
    copy(
      stage,
      words,
      flags.from === undefined ? undefined : stages.find(({ name }) => name === flags.from)?.root,
    )
  } else if (keyword === 'RUN') {
    run(stage, rest)
  } else if (!settings.has(keyword)) {
    throw new Error(`this test does not know ${keyword}`)
  }
}

/** @param from root of the stage to copy from; the build context where there is none */
function copy(stage: Stage, words: readonly string[], from?: string): void {
  const sources = words.slice(0, -1)
  const target = words.at(-1) ?? ''
  const inContext = buildContext(readFileSync(join(project, '.dockerignore'), 'utf8'))
  const to = join(stage.root, posix.resolve(stage.workdir, target))
  for (const source of sources) {
    const path = join(from ?? project, source)
    if (!existsSync(path)) throw new Error(`COPY finds no ${source}`)
    const intoFolder = statSync(path).isFile() && (target.endsWith('/') || sources.length > 1)
    cpSync(path, intoFolder ? join(to, basename(path)) : to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => from !== undefined || file === path || inContext(relative(project, file)),
    })
  }
}

function run({ root, workdir }: Stage, script: string): void {
  // What npm hands its children says which project it is in, and this one is another.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_/i.test(name)))
  execFileSync('sh', ['-ec', script], {
    cwd: join(root, workdir),
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function describe({ root, workdir, instructions }: Stage): Image {
  const the = (keyword: string): Instruction => {
    const found = instructions.findLast((instruction) => instruction.keyword === keyword)
    if (found === undefined) throw new Error(`the image has no ${keyword}`)
    return found
  }
  const pairs = the('ENV').words.map((word) => word.split('=') as [string, string])
  return {
    root,
    workdir,
    env: Object.fromEntries(pairs),
    user: the('USER').rest.trim(),
    entrypoint: the('ENTRYPOINT').words,
    command: the('CMD').words,
    healthcheck: JSON.parse(the('HEALTHCHECK').rest.replace(/^.*?CMD /, '')) as string[],
    labels: the('LABEL').rest,
  }
}

/** @returns every file of the image, from its root */
export const filesOf = ({ root }: Image): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `/${relative(root, join(entry.parentPath, entry.name))}`)
