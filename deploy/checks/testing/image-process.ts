import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import type { Image } from './build-image.ts'

/** A container as far as this machine can make one. */
export type ImageProcess = {
  /** Resolves with the first match in what it prints. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Lines of /proc/<pid>/status of the process itself. */
  status(): string
  /** Sends SIGTERM to process 1, and resolves with its exit code. */
  terminate(): Promise<number | null>
}

/** The node that runs it: another one can be named, since the image's own cannot be had. */
const node = process.env.IMAGE_NODE ?? process.execPath

/** Stands in the name of a skipped test. */
export const containersMissing: string | undefined =
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0
    ? undefined
    : 'SKIPPED: namespaces need root, and the program unshare'

/**
 * A script that starts a command in an image's root, in a mount and a process namespace of its own: everything
 * read-only but /data, which is as an emptyDir is. Node and the C libraries are this machine's.
 * Arguments: root, node, user:group, command...
 */
const script = `
root=$1; node=$2; user=$3; shift 3
mount --make-rprivate /
mount --bind "$root" "$root"
mkdir -p "$root/nodejs/bin" "$root/usr/lib" "$root/proc" "$root/dev" "$root/etc"
touch "$root/nodejs/bin/node" "$root/dev/null"
for lib in /lib /lib64; do
  if [ -L $lib ]; then cp -P $lib "$root$lib"; elif [ -d $lib ]; then mkdir -p "$root$lib"; mount --rbind $lib "$root$lib"; fi
done
mount --rbind /usr/lib "$root/usr/lib"
if [ -d /usr/lib64 ]; then mkdir -p "$root/usr/lib64"; mount --rbind /usr/lib64 "$root/usr/lib64"; fi
mount --bind "$node" "$root/nodejs/bin/node"
mount --bind /dev/null "$root/dev/null"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0777 tmpfs "$root/data"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user" "$root" "$@"
`

const inNamespaces = (image: Image, command: readonly string[]): string[] => [
  ...['--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', script, 'container'],
  ...[image.root, node, image.user, ...command],
]

/** Starts what the image starts, or another command of its entrypoint. It is killed when the test has finished. */
export function startImage(
  image: Image,
  env: Readonly<Record<string, string>>,
  command = image.command,
): ImageProcess {
  const child = spawn('unshare', inNamespaces(image, [...image.entrypoint, ...command]), {
    env: { PATH: process.env.PATH ?? '', ...image.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more
    })
  }
  const exited = once(child, 'close').then(([code]) => code as number | null)
  /** `unshare` waits for the one child that it forked: process 1 in there. */
  const processOne = (): number =>
    Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0])

  return {
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(text)
        if (match !== null) return match
        if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode} and said: ${text}`)
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), exited])
      }
    },
    status: () => readFileSync(`/proc/${processOne()}/status`, 'utf8'),
    async terminate() {
      process.kill(processOne(), 'SIGTERM')
      return exited
    },
  }
}

/** Runs a command in the image to its end, as its user, beside what runs there. */
export function runInImage(
  image: Image,
  env: Readonly<Record<string, string>>,
  command: readonly string[],
): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('unshare', inNamespaces(image, command), {
    env: { PATH: process.env.PATH ?? '', ...image.env, ...env },
    encoding: 'utf8',
  })
  return { code: status, output: `${stdout}${stderr}` }
}
