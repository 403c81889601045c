{{/* What goes into the pod, once for policy and kyverno. The same as deploy/kubernetes/sidecar/sidecar.yaml, where the
     reasons stand; a test compares the two. */}}
{{- define "threadtap.sidecar" -}}
{{- $v := .Values.injection -}}
{{- $settings := $v.settings | default dict -}}
name: threadtap
image: {{ include "threadtap.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
restartPolicy: Always
args: [proxy]
env:
  {{- $spool := mul (int64 $v.spoolMiB) 1048576 }}
  {{- $own := list (list "HOST" "127.0.0.1") (list "PORT" ($v.port | toString)) (list "ADMIN_HOST" "0.0.0.0") (list "ADMIN_PORT" ($v.adminPort | toString)) (list "DATA_DIR" "/data") (list "SPOOL_MAX_BYTES" ($spool | toString)) (list "SHUTDOWN_TIMEOUT" "8") }}
  {{- range $own }}
  {{- if not (hasKey $settings (first .)) }}
  - name: {{ first . }}
    value: {{ last . | quote }}
  {{- end }}
  {{- end }}
  - name: REDIS_URL
    {{- if .Values.redis.urlSecret.name }}
    valueFrom:
      secretKeyRef:
        name: {{ .Values.redis.urlSecret.name }}
        key: {{ .Values.redis.urlSecret.key }}
    {{- else }}
    value: {{ include "threadtap.redisUrl" . | quote }}
    {{- end }}
  {{- range $name, $value := $settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
ports:
  - name: threadtap-admin
    containerPort: {{ $v.adminPort }}
startupProbe:
  httpGet:
    path: /readyz
    port: threadtap-admin
  periodSeconds: 1
  failureThreshold: 60
readinessProbe:
  httpGet:
    path: /readyz
    port: threadtap-admin
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 3
livenessProbe:
  httpGet:
    path: /livez
    port: threadtap-admin
  periodSeconds: 20
  timeoutSeconds: 5
  failureThreshold: 6
resources:
  {{- toYaml ($v.resources | default dict) | nindent 2 }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  {{- include "threadtap.containerSecurity" . | nindent 2 }}
terminationMessagePolicy: FallbackToLogsOnError
volumeMounts:
  - name: threadtap-data
    mountPath: /data
{{- end }}

{{/* Twice the spool's cap, because its database takes more than its records until it is compacted; and 256 MiB for what has
     limits of its own: crash journals (up to 110 MiB, and as much again of a process that was killed) and remembered calls. */}}
{{- define "threadtap.sidecarVolume" -}}
name: threadtap-data
emptyDir:
  sizeLimit: {{ add 256 (mul 2 (int64 .Values.injection.spoolMiB)) }}Mi
{{- end }}
