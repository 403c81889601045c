import type { ConfigCheck } from './load.ts'

const everywhere = new Set(['0.0.0.0', '::'])

/** For the processes that have both ports: one address cannot be listened on twice, and looks as if another process had it. */
export const checkPorts: ConfigCheck = ({ host = '', port = 0, adminHost = '', adminPort = 0 }) => {
  const isSameHost = host === adminHost || everywhere.has(host) || everywhere.has(adminHost)
  if (port === 0 || port !== adminPort || !isSameHost) return []
  return [`ADMIN_PORT must be another port than PORT, not ${port}; 0 is any free one`]
}
