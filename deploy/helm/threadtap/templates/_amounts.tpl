{{/* An amount of Kubernetes as a number: 256Mi, 0.5, 100m. */}}
{{- define "threadtap.amount" -}}
{{- if kindIs "string" . -}}
{{- $number := regexFind "^[0-9.]+" . -}}
{{- $units := dict "" 1.0 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 -}}
{{- mulf (float64 $number) (get $units (trimPrefix $number .)) -}}
{{- else -}}
{{- float64 . -}}
{{- end -}}
{{- end }}

{{/* Kubernetes refuses a pod of which a request is above its limit. Takes `of`, the path of the values, and `resources`. */}}
{{- define "threadtap.requestsWithinLimits" -}}
{{- $resources := .resources | default dict -}}
{{- $requests := $resources.requests | default dict -}}
{{- range $name, $limit := $resources.limits | default dict -}}
{{- if hasKey $requests $name -}}
{{- $request := get $requests $name -}}
{{- if gt (include "threadtap.amount" $request | float64) (include "threadtap.amount" $limit | float64) }}
{{- fail (printf "%s.requests.%s (%v) is above %s.limits.%s (%v): Kubernetes would refuse every such pod." $.of $name $request $.of $name $limit) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
