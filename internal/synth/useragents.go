package synth

// user agents.
const (
	uaNone = iota
	uaEdge
	uaChromeWin
	uaFirefoxWin
	uaSafari
	uaChromeMac
	uaEdgeLinux
	uaPhone
	uaAndroid
	uaVSCodeWin
	uaVSCodeMac
	uaVSCodeLinux
	uaCLI
	uaSDK
	uaOfficeWin
	uaOfficeMac
	uaIMAP
	uaScript
	uaAttackBrowser
)

type userAgent struct{ text, browser string }

var userAgents = []userAgent{
	uaNone:          {"", ""},
	uaEdge:          {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36 Edg/136.0.0.0", "Edge 136.0.0"},
	uaChromeWin:     {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36", "Chrome 136.0.0"},
	uaFirefoxWin:    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:138.0) Gecko/20100101 Firefox/138.0", "Firefox 138.0"},
	uaSafari:        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15", "Safari 18.4"},
	uaChromeMac:     {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36", "Chrome 136.0.0"},
	uaEdgeLinux:     {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36 Edg/136.0.0.0", "Edge 136.0.0"},
	uaPhone:         {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "Mobile Safari"},
	uaAndroid:       {"Dalvik/2.1.0 (Linux; U; Android 15; Pixel 8 Build/BP1A.250505.005)", "Android"},
	uaVSCodeWin:     {"node-fetch/1.0 (vscode; Windows)", "Rich Client 4.66.1.0"},
	uaVSCodeMac:     {"node-fetch/1.0 (vscode; macOS)", "Rich Client 4.66.1.0"},
	uaVSCodeLinux:   {"node-fetch/1.0 (vscode; Linux)", "Rich Client 4.66.1.0"},
	uaCLI:           {"python-requests/2.32.3 azurecli/2.73.0", "Python Requests 2.32"},
	uaSDK:           {"azsdk-python-identity/1.21.0 Python/3.12.3", "Python Requests 2.32"},
	uaOfficeWin:     {"Mozilla/5.0 (compatible; MSAL 1.0)", "Rich Client 5.2.6.0"},
	uaOfficeMac:     {"Microsoft Office/16.97 (Mac OS X)", "Rich Client 5.2.6.0"},
	uaIMAP:          {"BAV2ROPC", ""}, // what Entra shows for basic authentication
	uaScript:        {"python-requests/2.28.1", "Python Requests 2.28"},
	uaAttackBrowser: {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36", "Chrome 121.0.0"},
}
