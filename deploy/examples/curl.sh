#!/bin/sh
# A streamed call with every attribution header.
curl --silent --show-error --fail --no-buffer "${OPENAI_BASE_URL:-http://127.0.0.1:4010/v1}/chat/completions" \
  --header "Authorization: Bearer $OPENAI_API_KEY" \
  --header 'Content-Type: application/json' \
  --header 'x-thread-id: curl' \
  --header 'x-session-id: june' \
  --header 'x-user-id: ada' \
  --header 'x-agent-key: travel' \
  --header 'x-trace-name: where to go' \
  --header 'x-tags: holiday,example' \
  --header 'x-metadata: {"plan":"summer"}' \
  --data '{"model": "gpt-4o-mini", "stream": true, "messages": [{"role": "user", "content": "Where shall I go?"}]}'
