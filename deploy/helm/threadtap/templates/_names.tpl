{{- define "threadtap.name" -}}
{{- if contains "threadtap" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-threadtap" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "threadtap.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{ include "threadtap.selector" . }}
{{- end }}

{{- define "threadtap.selector" -}}
app.kubernetes.io/name: threadtap
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "threadtap.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* The URL of Redis where no Secret holds it. */}}
{{- define "threadtap.redisUrl" -}}
{{- if .Values.redis.url }}{{ .Values.redis.url }}{{ else }}redis://{{ include "threadtap.name" . }}-redis.{{ .Release.Namespace }}.svc:6379{{ end }}
{{- end }}

{{/* Of every container here: the restricted pod security standard, and a read-only root. */}}
{{- define "threadtap.containerSecurity" -}}
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}
