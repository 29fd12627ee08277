package ingest

import (
	"strings"
	"testing"
)

// TestOtherPeoplesLogs: logs of other systems whose members have the same names
// are refused, so that nobody takes "0 sign-ins" for an answer.
func TestOtherPeoplesLogs(t *testing.T) {
	for name, data := range map[string]string{
		"a deployment":    `{"action":"deploy","result":"ok","createdAt":"2026-03-02T08:00:00Z","resources":["a"]}`,
		"an audit table":  `{"timestamp":"2026-03-02 08:00:00","username":"bob","action":"update","object":"x","description":"changed"}`,
		"a web shop":      `{"timestamp":"2026-03-02T08:00:00Z","event_type":"purchase","service":"shop","organization":"x","user":"a"}`,
		"an application":  `{"event":"login","uid":"u","code":"200","time":"2026-03-02T08:00:00Z"}`,
		"another Quarkus": `{"timestamp":"2026-03-02T08:00:00Z","loggerName":"org.example.App","message":"type=\"button\" clicked"}`,
		"access log":      `{"time":"2026-03-02T08:00:00Z","remote_addr":"192.0.2.1","request":"GET /","status":200,"type":"access","date":"x"}`,
		"nginx":           `192.0.2.1 - ada [02/Mar/2026:08:00:00 +0000] "POST /?type=LOGIN, realmId=x HTTP/1.1" 401 12 "-" "Mozilla/5.0 (X11, Linux)"`,
		"table":           "index,name,value,time\n1,a,b,2026-03-02\n",
		"logfmt":          `time="2026-03-02T08:00:00Z" level=info event="start" subject="x" type=LOGIN, realmId=x`,
	} {
		for _, tail := range []string{"", "\n", "\n" + data + "\n"} {
			s := probe([]byte(data + tail))
			if f, err := detect(&s, &Options{}); err == nil {
				t.Errorf("%s: taken for %s", name, f.Name)
			}
		}
	}
}

// TestLateEvent: a server log whose first forty records are about anything else
// is still known by the event that follows.
func TestLateEvent(t *testing.T) {
	start := strings.Repeat(`{"@timestamp":"2026-03-02T08:00:00Z","log.level":"INFO","message":"started","ecs.version":"1.2.0","log.logger":"org.infinispan.CLUSTER"}`+"\n", 60)
	event := `{"@timestamp":"2026-03-02T08:00:00Z","log.level":"WARN","message":"type=\"LOGIN_ERROR\", realmId=\"r\", userId=\"u\"","ecs.version":"1.2.0","log.logger":"org.keycloak.events"}` + "\n"
	s := probe([]byte(start + event))
	if f, err := detect(&s, &Options{}); err != nil || f.Name != "keycloak-json" {
		t.Error(f, err)
	}
}
