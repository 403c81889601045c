{{/* The spec that MutatingAdmissionPolicy and Kyverno's MutatingPolicy share.
     All mutations are JSON patches: an apply configuration may not hold atomic lists (args, capabilities.drop), and would
     overwrite an OPENAI_BASE_URL that is there. */}}
{{- define "threadtap.policySpec" -}}
{{- $v := .Values.injection -}}
{{- $namespaces := $v.namespaceSelector | default dict -}}
{{- $sidecar := include "threadtap.cel" (dict "value" (include "threadtap.sidecar" . | fromYaml) "type" "Object.spec.initContainers") -}}
{{- $volume := include "threadtap.cel" (dict "value" (include "threadtap.sidecarVolume" . | fromYaml) "type" "Object.spec.volumes") -}}
{{- $variable := printf "Object.spec.containers.env{name: \"OPENAI_BASE_URL\", value: \"http://127.0.0.1:%d/v1\"}" (int64 $v.port) -}}
# Telemetry never keeps a pod from starting: what goes wrong here leaves the pod as it was.
failurePolicy: Ignore
reinvocationPolicy: Never
matchConstraints:
  matchPolicy: Equivalent
  resourceRules:
    - apiGroups: [""]
      apiVersions: [v1]
      operations: [CREATE]
      resources: [pods]
  objectSelector:
    matchLabels:
      threadtap.dev/inject: "true"
  namespaceSelector:
    {{- with $namespaces.matchLabels }}
    matchLabels:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    matchExpressions:
      - key: kubernetes.io/metadata.name
        operator: NotIn
        values: [kube-system]
      {{- with $namespaces.matchExpressions }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
matchConditions:
  # Once is enough: this policy may see a pod again, and a pod may bring the sidecar along.
  - name: has-no-sidecar-yet
    expression: >-
      !(has(object.spec.initContainers) && object.spec.initContainers.exists(c, c.name == "threadtap"))
      && !object.spec.containers.exists(c, c.name == "threadtap")
  # The API server would refuse two of them, and so the pod.
  - name: has-no-volume-of-that-name
    expression: >-
      !(has(object.spec.volumes) && object.spec.volumes.exists(v, v.name == "threadtap-data"))
  # There the loopback address is the node's, and so are the ports.
  - name: has-a-network-of-its-own
    expression: "!(has(object.spec.hostNetwork) && object.spec.hostNetwork)"
  # There is no image for it, and the API server refuses a numbered user there, and so the pod.
  - name: is-not-for-windows
    expression: "!(has(object.spec.os) && object.spec.os.name == \"windows\")"
mutations:
  # First of all init containers: those after it can call through it too.
  - patchType: JSONPatch
    jsonPatch:
      expression: >-
        (has(object.spec.initContainers) ? [] : [JSONPatch{op: "add", path: "/spec/initContainers", value: []}])
        + [JSONPatch{op: "add", path: "/spec/initContainers/0", value: {{ $sidecar }}}]
  - patchType: JSONPatch
    jsonPatch:
      expression: >-
        (has(object.spec.volumes) ? [] : [JSONPatch{op: "add", path: "/spec/volumes", value: []}])
        + [JSONPatch{op: "add", path: "/spec/volumes/-", value: {{ $volume }}}]
  # Every container that names no OPENAI_BASE_URL of its own, by its place in the list (of the first 32).
  - patchType: JSONPatch
    jsonPatch:
      expression: >-
        [{{ untilStep 0 32 1 | join ", " }}]
        .filter(i, i < size(object.spec.containers))
        .filter(i, !has(object.spec.containers[i].env) || !object.spec.containers[i].env.exists(e, e.name == "OPENAI_BASE_URL"))
        .map(i, has(object.spec.containers[i].env)
        ? JSONPatch{op: "add", path: "/spec/containers/" + string(i) + "/env/-", value: {{ $variable }}}
        : JSONPatch{op: "add", path: "/spec/containers/" + string(i) + "/env", value: [{{ $variable }}]})
{{- end }}
