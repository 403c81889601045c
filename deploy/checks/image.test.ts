import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildContext } from './testing/build-context.ts'
import { buildImage, filesOf, type Image } from './testing/build-image.ts'
import { checkers, checkersMissing } from './testing/checkers.ts'
import { parseDockerfile } from './testing/dockerfile.ts'
import { containersMissing, runInImage, startImage } from './testing/image-process.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const dockerfile = readFileSync(join(project, 'deploy/docker/Dockerfile'), 'utf8')

if (containersMissing !== undefined) process.stderr.write(`deploy/checks: ${containersMissing}\n`)

describe.skipIf(checkersMissing)(checkersMissing ?? 'the Dockerfile', () => {
  type Linter = { validate(text: string): readonly { readonly message: string }[] }
  const lint = (text: string) =>
    checkers
      ?.load<Linter>('dockerfile-utils')
      .validate(text)
      .map(({ message }) => message)

  test('passes its linter', () => {
    expect(lint(dockerfile)).toEqual([])
  })

  test('would not, with a misspelt instruction', () => {
    expect(lint(dockerfile.replace('\nUSER ', '\nUSR '))).toEqual(['Unknown instruction: USR'])
  })
})

test('a .dockerignore: the last pattern that fits decides', () => {
  const inContext = buildContext('*\n!cli\n# a comment\n**/*.test.ts\n**/testing\n')
  expect(['cli', 'cli/a.ts', 'cli/b/c.ts'].every(inContext)).toBe(true)
  expect(['a', '.git/x', 'cli/a.test.ts', 'cli/testing/a.ts', 'testing'].some(inContext)).toBe(false)
})

test('a Dockerfile is read with flags, lists and continued lines', () => {
  const [copy, label] = parseDockerfile('# one\nCOPY --from=a --chown=1:2 ["b", "c"]\nLABEL d=1 \\\n  e=2\n')
  expect(copy).toMatchObject({ keyword: 'COPY', flags: { from: 'a', chown: '1:2' }, words: ['b', 'c'] })
  expect(label?.words).toEqual(['d=1', 'e=2'])
})

describe('the image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-image-'))
  let image: Image
  let unreachable: string | undefined
  beforeAll(() => {
    try {
      image = buildImage(folder)
    } catch (cause) {
      // Building an image takes the registry, which tests may be without.
      if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT/.test(String(cause)))
        throw cause
      unreachable = `SKIPPED: the registry of npm cannot be reached: ${String(cause).split('\n')[0]}`
      process.stderr.write(`deploy/checks: ${unreachable}\n`)
    }
  }, 300_000)
  beforeEach(({ skip }) => skip(unreachable !== undefined, unreachable))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('holds the release, and nothing else', () => {
    const files = filesOf(image)
    expect(files).toEqual(
      expect.arrayContaining(['/app/release/main.js', '/app/release/main.js.map', '/app/package.json']),
    )
    const others = files.filter((file) => !file.startsWith('/app/release/'))
    expect([...others].sort()).toEqual(['/app/LICENSE', '/app/healthcheck.js', '/app/package.json'])
  })

  test('runs as a numbered user that is not root', () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  test('says what it is, in labels of the Open Container Initiative', () => {
    const names = ['title', 'description', 'licenses', 'source', 'documentation', 'version', 'revision']
    for (const name of names) expect(image.labels).toContain(`org.opencontainers.image.${name}=`)
  })

  describe.skipIf(containersMissing)(
    containersMissing ?? 'started read-only, as its user, as process 1',
    () => {
      const ports = { PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'error' }

      test('runs, passes its health check, and ends on SIGTERM', async () => {
        const running = startImage(image, ports)
        const [, admin = ''] = await running.printed(/(http:\/\/\S+)\/metrics/)
        const [uid = '', gid = ''] = image.user.split(':')
        expect(running.status()).toMatch(new RegExp(`^Uid:\\s+${uid}\\s`, 'm'))
        expect(running.status()).toMatch(new RegExp(`^Gid:\\s+${gid}\\s`, 'm'))
        expect(running.status()).toMatch(/^NSpid:\s+\d+\s+1$/m)
        expect(running.status()).toMatch(/^CapEff:\s+0+$/m)

        const healthEnv = { ADMIN_PORT: new URL(admin).port }
        expect(runInImage(image, healthEnv, image.healthcheck)).toEqual({ code: 0, output: '' })
        expect(await running.terminate()).toBe(0)
        expect(runInImage(image, healthEnv, image.healthcheck)).toEqual({ code: 1, output: '' })
      })

      test('is ready as a sidecar, with neither Redis nor upstream', async () => {
        const nowhere = { REDIS_URL: 'redis://127.0.0.1:1', UPSTREAM_BASE_URL: 'http://127.0.0.1:1/v1' }
        const running = startImage(image, { ...ports, ...nowhere, LOG_LEVEL: 'silent' }, ['proxy'])
        const [, admin = ''] = await running.printed(/(http:\/\/\S+)\/metrics/)
        expect(runInImage(image, { ADMIN_PORT: new URL(admin).port }, image.healthcheck).code).toBe(0)
        expect(await running.terminate()).toBe(0)
      })

      test('writes to /data, and cannot elsewhere', () => {
        const write = (path: string) => {
          const program = `require('node:fs').writeFileSync(${JSON.stringify(path)}, '')`
          return runInImage(image, {}, [image.entrypoint[0] ?? '', '-e', program])
        }
        expect(write('/data/a').code).toBe(0)
        expect(write('/app/a').output).toContain('EROFS')
        expect(write('/a').output).toContain('EROFS')
      })

      test('says in one sentence what is wrong with its settings', () => {
        const { code, output } = runInImage(image, { PORT: 'many' }, [...image.entrypoint, 'proxy'])
        expect(code).toBe(1)
        expect(output).toMatch(/^PORT must be .*\n$/)
      })
    },
  )
})
