{{/* What the schema cannot say, because it is about several values at once: one sentence each. */}}
{{- define "threadtap.required" -}}
{{- $v := .Values -}}
{{- if and $v.worker.enabled (not $v.langfuse.existingSecret.name) (not $v.otlp.endpoint) }}
{{- fail "The worker has nowhere to deliver to: set langfuse.existingSecret.name (a Secret with the keys public-key and secret-key), or otlp.endpoint." }}
{{- end }}
{{- if and (not $v.redis.enabled) (not $v.redis.url) (not $v.redis.urlSecret.name) (or $v.worker.enabled (ne $v.injection.mode "none")) }}
{{- fail "Sidecars and worker need a Redis between them: set redis.enabled, redis.url or redis.urlSecret.name." }}
{{- end }}
{{- if and $v.redis.url $v.redis.urlSecret.name }}
{{- fail "redis.url and redis.urlSecret.name both name a Redis: keep one." }}
{{- end }}
{{- if and $v.redis.enabled $v.redis.passwordSecret.name (not $v.redis.urlSecret.name) }}
{{- fail "With redis.passwordSecret the URL holds the password too, so it must come from a Secret: set redis.urlSecret.name." }}
{{- end }}
{{- if and (eq $v.worker.autoscaling.kind "keda") (not $v.worker.autoscaling.keda.prometheusUrl) }}
{{- fail "KEDA asks Prometheus for what waits: set worker.autoscaling.keda.prometheusUrl." }}
{{- end }}
{{- if gt (int $v.worker.autoscaling.minReplicas) (int $v.worker.autoscaling.maxReplicas) }}
{{- fail "worker.autoscaling.minReplicas is above worker.autoscaling.maxReplicas." }}
{{- end }}
{{- if and $v.worker.data.existingClaim (or (ne $v.worker.autoscaling.kind "none") (gt (int $v.worker.replicas) 1)) }}
{{- fail "worker.data.existingClaim is one folder for one worker: leave worker.replicas at 1 and worker.autoscaling.kind at none, or leave the claim out." }}
{{- end }}
{{- if eq (int $v.injection.port) (int $v.injection.adminPort) }}
{{- fail (printf "injection.port and injection.adminPort are both %d: the sidecar needs two." (int $v.injection.port)) }}
{{- end }}
{{- include "threadtap.requestsWithinLimits" (dict "of" "injection.resources" "resources" $v.injection.resources) }}
{{- include "threadtap.requestsWithinLimits" (dict "of" "worker.resources" "resources" $v.worker.resources) }}
{{- include "threadtap.requestsWithinLimits" (dict "of" "redis.resources" "resources" $v.redis.resources) }}
{{- $redisLimit := dig "limits" "memory" "" ($v.redis.resources | default dict) }}
{{- if and $v.redis.enabled $redisLimit (ge (mulf (float64 $v.redis.maxMemoryMiB) 1048576.0) (include "threadtap.amount" $redisLimit | float64)) }}
{{- fail (printf "redis.maxMemoryMiB (%d) leaves nothing of redis.resources.limits.memory (%v): Redis would be killed before it refuses anything." (int $v.redis.maxMemoryMiB) $redisLimit) }}
{{- end }}
{{- if and (eq $v.injection.mode "policy") (semverCompare "<1.36.0-0" .Capabilities.KubeVersion.Version) }}
{{- fail (printf "injection.mode policy needs Kubernetes 1.36, where MutatingAdmissionPolicy is generally available; this is %s: use kyverno, or none and the Kustomize component." .Capabilities.KubeVersion.Version) }}
{{- end }}
{{- end }}
