/**
 * A self-signed certificate for tests of TLS, trusted by nobody, and its key, which is no secret. Made by
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=threadtap-test`.
 */
export const testCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWI44QjX4yKbP3MO1
7Iit9U6ghPc3LD0LlqYwXYOu40ihRANCAAShKS/RQjzi0eNb+ZZJY7BmSVKMeddr
bmkPwnvet1lc+Nvbr9qzUHDiDemwiiwonv7LSyTBySfPB09zZbdvWBsC
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBijCCAS+gAwIBAgIUYjvW27KAWuTp+gycJKaAmdpRk8UwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOdGhyZWFkdGFwLXRlc3QwIBcNMjYxMTI3MTAyNjI3WhgPMjEy
NjExMDMxMDI2MjdaMBkxFzAVBgNVBAMMDnRocmVhZHRhcC10ZXN0MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEoSkv0UI84tHjW/mWSWOwZklSjHnXa25pD8J73rdZ
XPjb26/as1Bw4g3psIosKJ7+y0skwcknzwdPc2W3b1gbAqNTMFEwHQYDVR0OBBYE
FAgmddPgRbGXbEFolSQc71KAOjzVMB8GA1UdIwQYMBaAFAgmddPgRbGXbEFolSQc
71KAOjzVMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhALI2j0qn
7DXigvypzbykY2Dj3pwJxIZlvfiT3XawT4HvAiEA4YWgpvtzI0FB5TS3G3EvLq70
rpWDkR7OfKtuDy/UJrc=
-----END CERTIFICATE-----
`,
}
