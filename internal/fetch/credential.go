package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// TokenSource gives bearer tokens. fresh asks for one that no cache holds,
// because the last one was refused; claims is the challenge that came with the
// refusal, "" when there was none.
type TokenSource interface {
	Token(ctx context.Context, fresh bool, claims string) (token string, expires time.Time, err error)
}

// Auth is a way to sign in.
type Auth struct{ Name, Doc string }

// Auths lists the ways to sign in, the usual one first. Variables are those that
// azidentity documents.
func Auths() []Auth {
	return []Auth{
		{"default", "whatever the environment offers, in the order of DefaultAzureCredential: AZURE_ variables, workload identity, managed identity, Azure CLI, azd, Azure PowerShell"},
		{"secret", "an application's secret in AZURE_CLIENT_SECRET"},
		{"certificate", "an application's certificate and key, PEM or PKCS #12: the file AZURE_CLIENT_CERTIFICATE_PATH, password AZURE_CLIENT_CERTIFICATE_PASSWORD"},
		{"managed-identity", "the identity of this Azure machine; --client-id for a user-assigned one"},
		{"workload", "Kubernetes workload identity"},
		{"cli", "whoever is signed in with az login"},
		{"device", "a person with a code in a browser; needs --client-id of an application that allows public client flows"},
		{"token", "a token got elsewhere, in FRISK_GRAPH_TOKEN; it cannot be renewed"},
	}
}

// Login says how to sign in.
type Login struct {
	Auth             string // one of Auths; "" is the first
	Tenant, ClientID string // "" takes AZURE_TENANT_ID and AZURE_CLIENT_ID
	Cloud            Cloud
	Getenv           func(string) string
	ReadFile         func(string) ([]byte, error) // for the certificate
	Prompt           func(message string)         // shows the code of Auth device
}

// NewTokenSource checks the settings and makes a source of tokens for Graph.
// Nothing is asked of the network yet.
func NewTokenSource(l Login) (TokenSource, error) {
	l.Auth = cmp.Or(l.Auth, "default")
	if !slices.ContainsFunc(Auths(), func(a Auth) bool { return a.Name == l.Auth }) {
		var names []string
		for _, a := range Auths() {
			names = append(names, a.Name)
		}
		return nil, fmt.Errorf("unknown way to sign in %q, want one of %s", l.Auth, strings.Join(names, ", "))
	}
	if l.Auth == "token" {
		t := strings.TrimSpace(l.Getenv("FRISK_GRAPH_TOKEN"))
		if t == "" {
			return nil, errors.New("sign in with a token: FRISK_GRAPH_TOKEN is empty")
		}
		if strings.ContainsAny(t, " \t\r\n") {
			return nil, errors.New("sign in with a token: FRISK_GRAPH_TOKEN holds white space")
		}
		return fixedToken(t), nil
	}
	l.Tenant = cmp.Or(l.Tenant, l.Getenv("AZURE_TENANT_ID"))
	if l.Auth != "managed-identity" && l.Auth != "default" { // there the environment has a meaning of its own
		l.ClientID = cmp.Or(l.ClientID, l.Getenv("AZURE_CLIENT_ID"))
	}
	s := &azureTokens{login: l, scope: l.Cloud.Graph + "/.default"}
	var err error
	s.cred, err = l.credential()
	if err != nil {
		return nil, fmt.Errorf("sign in with %s: %w", l.Auth, err)
	}
	return s, nil
}

type fixedToken string

func (t fixedToken) Token(_ context.Context, fresh bool, _ string) (string, time.Time, error) {
	if fresh {
		return "", time.Time{}, errors.New("the token in FRISK_GRAPH_TOKEN was refused and cannot be renewed")
	}
	return string(t), time.Time{}, nil
}

type azureTokens struct {
	login Login
	scope string
	cred  azcore.TokenCredential
}

func (s *azureTokens) Token(ctx context.Context, fresh bool, claims string) (string, time.Time, error) {
	// A new credential has an empty cache. A person is not asked twice: the device
	// credential renews by its refresh token.
	if fresh && claims == "" && s.login.Auth != "device" {
		cred, err := s.login.credential()
		if err != nil {
			return "", time.Time{}, err
		}
		s.cred = cred
	}
	t, err := s.cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{s.scope}, Claims: claims, EnableCAE: true})
	if err != nil {
		return "", time.Time{}, &signInError{s.login.Auth, err}
	}
	return t.Token, t.ExpiresOn, nil
}

// credential makes the azidentity credential of the way to sign in.
func (l *Login) credential() (azcore.TokenCredential, error) {
	opt := azcore.ClientOptions{Cloud: l.Cloud.login}
	switch l.Auth {
	case "default":
		if l.ClientID != "" {
			return nil, errors.New("a client id needs --auth secret, certificate, managed-identity, workload or device to say what it is")
		}
	case "secret", "certificate":
		if l.Tenant == "" || l.ClientID == "" {
			return nil, errors.New("tenant and client id are needed: --tenant and --client-id, or AZURE_TENANT_ID and AZURE_CLIENT_ID")
		}
	}
	switch l.Auth {
	case "secret":
		secret := l.Getenv("AZURE_CLIENT_SECRET")
		if secret == "" {
			return nil, errors.New("AZURE_CLIENT_SECRET is empty")
		}
		return azidentity.NewClientSecretCredential(l.Tenant, l.ClientID, secret, &azidentity.ClientSecretCredentialOptions{ClientOptions: opt})
	case "certificate":
		return l.certificate(opt)
	case "managed-identity":
		o := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: opt}
		if l.ClientID != "" {
			o.ID = azidentity.ClientID(l.ClientID)
		}
		return azidentity.NewManagedIdentityCredential(o)
	case "workload":
		return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
			ClientOptions: opt, ClientID: l.ClientID, TenantID: l.Tenant,
		})
	case "cli":
		return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: l.Tenant})
	case "device":
		return l.device(opt)
	}
	return azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: opt, TenantID: l.Tenant})
}

func (l *Login) certificate(opt azcore.ClientOptions) (azcore.TokenCredential, error) {
	path := l.Getenv("AZURE_CLIENT_CERTIFICATE_PATH")
	if path == "" {
		return nil, errors.New("AZURE_CLIENT_CERTIFICATE_PATH is empty")
	}
	data, err := l.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	certs, key, err := azidentity.ParseCertificates(data, []byte(l.Getenv("AZURE_CLIENT_CERTIFICATE_PASSWORD")))
	if err != nil {
		return nil, fmt.Errorf("read certificate %q: %w", path, err)
	}
	return azidentity.NewClientCertificateCredential(l.Tenant, l.ClientID, certs, key, &azidentity.ClientCertificateCredentialOptions{ClientOptions: opt})
}

func (l *Login) device(opt azcore.ClientOptions) (azcore.TokenCredential, error) {
	if l.ClientID == "" {
		return nil, errors.New("--client-id is needed: the application must have the permissions, and nobody has granted them to Microsoft's own")
	}
	return azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: opt, TenantID: l.Tenant, ClientID: l.ClientID,
		UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error {
			l.Prompt(m.Message)
			return nil
		},
	})
}
