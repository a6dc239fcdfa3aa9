// The customer's way as a browser goes it: links, forms and redirects, no JavaScript.
#include "tests/e2e/daemon/stage.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace appointd::e2e {
namespace {

using testing::HasSubstr;

struct Sheet {
    std::string url;
    int status = 0;
    std::string body;
};

std::string unescape(std::string text) {
    const std::pair<const char*, const char*> entities[] = {
        {"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
    for (const auto& [entity, plain] : entities)
        for (std::size_t at = 0; (at = text.find(entity, at)) != std::string::npos;)
            text.replace(at, std::string(entity).size(), plain);
    return text;
}

class Browser {
public:
    explicit Browser(Stage& stage) : stage_(stage) {}

    Sheet open(std::string url) {
        net::ClientRequest request;
        request.url = std::move(url);
        return follow(std::move(request));
    }
    /// Submits the sheet's form to its own address, with its filled-in inputs and one button pressed.
    Sheet submit(const Sheet& sheet, const std::string& name, const std::string& value, Fields typed = {}) {
        Fields form = std::move(typed);
        static const std::regex input("<input[^>]*>");
        for (std::sregex_iterator it(sheet.body.begin(), sheet.body.end(), input), end; it != end; ++it) {
            const std::string field = attribute(it->str(), "name");
            if (!field.empty() && !find_field(form, field)) form.emplace_back(field, attribute(it->str(), "value"));
        }
        form.emplace_back(name, value);
        net::ClientRequest request;
        request.method = "POST";
        request.url = sheet.url;
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.body = form_encode(form);
        return follow(std::move(request));
    }
    /// Where the link with these words leads.
    static std::string link(const Sheet& sheet, const std::string& words) {
        const std::regex anchor("<a[^>]*href=\"([^\"]*)\"[^>]*>" + words + "</a>");
        std::smatch found;
        return std::regex_search(sheet.body, found, anchor) ? unescape(found[1].str()) : "";
    }
    /// What the first button of that name is worth.
    static std::string button(const Sheet& sheet, const std::string& name) {
        const std::regex tag("<button[^>]*name=\"" + name + "\"[^>]*value=\"([^\"]*)\"");
        std::smatch found;
        return std::regex_search(sheet.body, found, tag) ? unescape(found[1].str()) : "";
    }

private:
    static std::string attribute(const std::string& tag, const std::string& name) {
        const std::regex pattern(" " + name + "=\"([^\"]*)\"");
        std::smatch found;
        return std::regex_search(tag, found, pattern) ? unescape(found[1].str()) : "";
    }
    static std::string absolute(const std::string& base, const std::string& target) {
        if (target.starts_with("http")) return target;
        const std::size_t path = base.find('/', base.find("://") + 3);
        if (target.starts_with("/")) return base.substr(0, path) + target;
        return base.substr(0, base.find('?')) + target; // "?…": the same page
    }
    /// Redirects, and pages that look again by themselves, at once instead of after their seconds.
    Sheet follow(net::ClientRequest request) {
        Sheet sheet;
        for (int hop = 0; hop < 200; ++hop) {
            const auto response = stage_.send(request);
            sheet = {request.url, response.status, response.body};
            const auto location = net::find_header(response.headers, "Location");
            static const std::regex refresh("http-equiv=\"refresh\" content=\"2(;\\s*url=([^\"]*))?\"");
            std::smatch again;
            std::string next;
            if (response.status >= 300 && response.status < 400 && location)
                next = absolute(request.url, std::string(*location));
            else if (std::regex_search(sheet.body, again, refresh))
                next = again[2].matched ? absolute(request.url, unescape(again[2].str())) : request.url;
            else
                return sheet;
            if (response.status == 200) stage_.loop().await(stage_.web().pause(std::chrono::milliseconds(50)));
            request = net::ClientRequest{};
            request.url = next;
        }
        return sheet;
    }
    Stage& stage_;
};

class BrowserPath : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Stores, BrowserPath, testing::Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(BrowserPath, FromTheBookingPageOverCalendlyAndTheCheckoutToTheJoinLink) {
    Stage stage(GetParam());
    stage.daemon().start();
    const json::object body{{"session_type", "coaching-60"}, {"invitee", {{"name", "Ann Poe"}, {"email", "ann@example.org"}}}};
    const auto made = demo::data_of(stage.post(stage.places().public_url + "/api/bookings", body));
    ASSERT_TRUE(made);
    Browser browser(stage);
    const Sheet choose = browser.open(text_field(*made, "page").value_or(""));
    ASSERT_EQ(choose.status, 200) << choose.url;
    const std::string calendly = Browser::link(choose, "Choose a time");
    ASSERT_THAT(calendly, HasSubstr("utm_content=" + text_field(*made, "id").value_or("?"))) << choose.body;

    const Sheet calendar = browser.open(calendly);
    const std::string slot = Browser::button(calendar, "start");
    ASSERT_NE(slot, "") << calendar.body;
    const Sheet checkout = browser.submit(calendar, "start", slot); // back to us, and onward to the checkout, by itself
    ASSERT_THAT(checkout.url, HasSubstr("/pay/")) << checkout.body;
    EXPECT_THAT(checkout.body, HasSubstr("123.45"));

    const Sheet declined = browser.submit(checkout, "action", "decline");
    EXPECT_THAT(declined.body, HasSubstr("declined"));
    const Sheet paid = browser.submit(checkout, "action", "pay");
    EXPECT_THAT(paid.url, HasSubstr("/b/")) << paid.body;
    EXPECT_THAT(paid.body, HasSubstr("confirmed")) << paid.url;

    const std::string page = text_field(*made, "page").value_or("");
    std::string join;
    EXPECT_TRUE(stage.eventually([&] { return !(join = Browser::link(browser.open(page), "Join the session")).empty(); }));
    EXPECT_THAT(join, HasSubstr("/j/"));
    EXPECT_EQ(browser.open(join).status, 200);
}

TEST_P(BrowserPath, BookedStraightOnCalendlyIsLedToItsOwnPageAndTheCheckout) {
    Stage stage(GetParam());
    stage.daemon().start();
    Browser browser(stage);
    const Sheet calendar = browser.open(stage.places().sandbox_url + "/book/t/coaching-60");
    const Sheet checkout = browser.submit(calendar, "start", Browser::button(calendar, "start"),
                                          {{"name", "Bela Kaya"}, {"email", "bela@example.org"}});
    ASSERT_THAT(checkout.url, HasSubstr("/pay/")) << checkout.url << checkout.body;
    const Sheet paid = browser.submit(checkout, "action", "pay");
    EXPECT_THAT(paid.body, HasSubstr("confirmed")) << paid.url;
}

TEST_P(BrowserPath, PageWithoutItsKeyIsNotShown) {
    Stage stage(GetParam());
    stage.daemon().start();
    const json::object body{{"session_type", "intro-15"}, {"invitee", {{"name", "Ann Poe"}, {"email", "ann@example.org"}}}};
    const auto made = demo::data_of(stage.post(stage.places().public_url + "/api/bookings", body));
    ASSERT_TRUE(made);
    const std::string page = stage.places().public_url + "/b/" + text_field(*made, "id").value_or("");
    EXPECT_EQ(stage.get(page).status, 404);
    EXPECT_EQ(stage.get(page + "?key=wrong").status, 404);
}

} // namespace
} // namespace appointd::e2e
