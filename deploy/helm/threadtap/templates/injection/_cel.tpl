{{/* A value as an expression of CEL. Objects are written with their type, as the API server asks, but for the few fields
     that hold a map from text to text: `dict "value" ... "type" "Object.spec.initContainers"`. */}}
{{- define "threadtap.cel" -}}
{{- $type := .type -}}
{{- $last := splitList "." $type | last -}}
{{- if kindIs "map" .value -}}
  {{- $plain := has $last (list "requests" "limits") -}}
  {{- $fields := list -}}
  {{- range $key := keys .value | sortAlpha -}}
    {{- $value := get $.value $key -}}
    {{- /* The values of a map are of one type in CEL, and `cpu: 1` is as good as `cpu: "1"`. */ -}}
    {{- if $plain }}{{ $value = toString $value }}{{ end -}}
    {{- $inner := include "threadtap.cel" (dict "value" $value "type" (printf "%s.%s" $type $key)) -}}
    {{- $fields = append $fields (printf "%s: %s" (ternary ($key | toJson) $key $plain) $inner) -}}
  {{- end -}}
  {{- if not $plain }}{{ $type }}{{ end }}{{ printf "{%s}" (join ", " $fields) }}
{{- else if kindIs "slice" .value -}}
  {{- $items := list -}}
  {{- range .value }}{{- $items = append $items (include "threadtap.cel" (dict "value" . "type" $type)) -}}{{- end -}}
  {{- printf "[%s]" (join ", " $items) -}}
{{- else if or (kindIs "float64" .value) (kindIs "int64" .value) (kindIs "int" .value) -}}
  {{- int64 .value -}}
{{- else -}}
  {{- .value | toJson -}}
{{- end -}}
{{- end }}
