package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
)

// Cloud is a deployment of Microsoft Graph with its sign-in endpoint:
// learn.microsoft.com/graph/deployments.
type Cloud struct {
	Name  string
	Doc   string
	Graph string // scheme and host
	login cloud.Configuration
}

var clouds = []Cloud{
	{"public", "the worldwide service, GCC included", "https://graph.microsoft.com", cloud.AzurePublic},
	{"usgov", "US Government L4 (GCC High)", "https://graph.microsoft.us", cloud.AzureGovernment},
	{"usgov-dod", "US Government L5 (DoD)", "https://dod-graph.microsoft.us", cloud.AzureGovernment},
	{"china", "operated by 21Vianet", "https://microsoftgraph.chinacloudapi.cn", cloud.AzureChina},
}

// Clouds lists the clouds, the worldwide one first.
func Clouds() []Cloud { return slices.Clone(clouds) }

// FindCloud is the cloud of a name.
func FindCloud(name string) (Cloud, error) {
	var names []string
	for _, c := range clouds {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Cloud{}, fmt.Errorf("unknown cloud %q, want one of %s", name, strings.Join(names, ", "))
}

// BaseURL checks the address of a Graph endpoint: https, or http on loopback,
// because the token travels with every request.
func BaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("parse Graph address: %w", err)
	case u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("graph address %q: want scheme and host only, as https://graph.example.com", u.Redacted())
	case u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u)):
		return nil, fmt.Errorf("graph address %q: %w", u.Redacted(), errPlain)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

var errPlain = errors.New("want https, or http on loopback: a token travels with every request")

func isLoopback(u *url.URL) bool {
	host := u.Hostname()
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
