import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithUs, freePort, isInstalled, listening, stopChild } from './child.ts'
import { callUrl, type StartSubject } from './subject.ts'

/** One worker of nginx, without buffering: the practical limit. */
export const startNginx: StartSubject = async (modelPort) => {
  if (!isInstalled('nginx')) return 'nginx is not installed'
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-nginx-'))
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, modelPort))
  const child = endWithUs(
    spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' }),
  )
  await listening(port)
  return {
    name: 'nginx',
    url: callUrl(port),
    processes: [{ role: 'relay', pid: child.pid ?? 0 }],
    async stop() {
      await stopChild(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const configuration = (folder: string, port: number, modelPort: number): string => `
worker_processes 1; daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/log;
events { worker_connections 8192; }
http {
  access_log off; client_max_body_size 64m; keepalive_requests 100000000;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream model { server 127.0.0.1:${modelPort}; keepalive 1024; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_request_buffering off;
    }
  }
}`
