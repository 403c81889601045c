// npm hands SIGTERM to the shell that it runs a script with, and dash and others end without handing it on: what runs
// here would go on without anybody who could stop it. So it stops when that shell is gone.

const lookEveryMs = 500

/** Sends this process SIGTERM once the process that started it has ended. */
export function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, lookEveryMs)
  watch.unref()
}
