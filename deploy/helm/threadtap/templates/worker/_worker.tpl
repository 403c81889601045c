{{/* Settings of the worker and of `helm test`. What is secret comes as a file, so that neither `kubectl describe` nor a
     dump of the environment shows it. */}}
{{- define "threadtap.workerEnv" -}}
{{- $v := .Values -}}
- name: DATA_DIR
  value: /data
- name: ADMIN_HOST
  value: 0.0.0.0
{{- if $v.redis.urlSecret.name }}
- name: REDIS_URL_FILE
  value: /secrets/redis-url
{{- else }}
- name: REDIS_URL
  value: {{ include "threadtap.redisUrl" . | quote }}
{{- end }}
{{- if $v.langfuse.existingSecret.name }}
- name: LANGFUSE_PUBLIC_KEY_FILE
  value: /secrets/langfuse-public-key
- name: LANGFUSE_SECRET_KEY_FILE
  value: /secrets/langfuse-secret-key
{{- end }}
{{- with $v.langfuse.baseUrl }}
- name: LANGFUSE_BASE_URL
  value: {{ . | quote }}
{{- end }}
{{- with $v.otlp.endpoint }}
- name: OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- if $v.otlp.headersSecret.name }}
- name: OTLP_HEADERS_FILE
  value: /secrets/otlp-headers
{{- end }}
{{- if $v.worker.adminTokenSecret.name }}
- name: ADMIN_TOKEN_FILE
  value: /secrets/admin-token
{{- end }}
{{- range $name, $value := $v.worker.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* Sources of the volume /secrets; empty where there is no Secret. */}}
{{- define "threadtap.secretSources" -}}
{{- $v := .Values -}}
{{- with $v.redis.urlSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: redis-url}]}
{{- end }}{{ end }}
{{- with $v.langfuse.existingSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .publicKey }}, path: langfuse-public-key}, {key: {{ .secretKey }}, path: langfuse-secret-key}]}
{{- end }}{{ end }}
{{- with $v.otlp.headersSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: otlp-headers}]}
{{- end }}{{ end }}
{{- with $v.worker.adminTokenSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: admin-token}]}
{{- end }}{{ end }}
{{- end }}

{{- define "threadtap.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
# The group of what is mounted, Secrets included.
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}
