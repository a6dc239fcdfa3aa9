#pragma once

#include "tests/integration/adapters/fixture.hpp"

#include <map>

namespace appointd::adapters::tests {

/// Sessions, refunds and the idempotency store of one account.
class StripeFake : public Fake {
public:
    struct Stored {
        std::string body;
        net::Response response;
    };
    std::map<std::string, json::object> sessions, intents;
    std::vector<json::object> refunds; ///< oldest first
    std::vector<json::object> events;  ///< oldest first
    std::map<std::string, Stored> keys;
    std::int64_t unrefunded = 12000;
    int stored_error = 0; ///< the status that the next executed POST stores and answers, without an effect
    std::int64_t now = 1795168800;

    static net::Response error(int status, std::string_view code, std::string_view message, net::Headers headers = {}) {
        return json_response(status,
                             json::object{{"error", {{"type", "invalid_request_error"}, {"code", code}, {"message", message}}}},
                             std::move(headers));
    }
    json::object& add_session(std::string id, std::string_view status) {
        return sessions[id] = {{"id", id},
                               {"object", "checkout.session"},
                               {"status", status},
                               {"payment_status", "unpaid"},
                               {"payment_intent", nullptr},
                               {"amount_subtotal", 12000},
                               {"amount_total", 12000},
                               {"currency", "usd"},
                               {"url", "https://checkout.test/" + id},
                               {"client_reference_id", booking_id},
                               {"metadata", {{"booking_id", booking_id}}},
                               {"created", now},
                               {"total_details", {{"amount_discount", 0}, {"amount_tax", 0}}}};
    }

    /// An event object as Stripe lists it and as its webhook carries it.
    json::object& add_event(std::string_view id, std::string_view type, std::int64_t created, json::object object) {
        return events.emplace_back(json::object{{"id", id},
                                                {"object", "event"},
                                                {"type", type},
                                                {"created", created},
                                                {"livemode", false},
                                                {"data", {{"object", std::move(object)}}}});
    }

protected:
    net::Response answer(const net::Request& request) override {
        if (net::find_header(request.headers, "Authorization") != "Bearer sk_test_x")
            return error(401, "bad_key", "Invalid API Key provided: sk_test_x");
        if (net::find_header(request.headers, "Stripe-Version") != "2026-10-28.endive")
            return error(400, "version", "wrong version");
        const auto path = request.path.substr(std::string_view("/stripe/v1").size());
        return request.method == "GET" ? read(path, *form_decode(request.query)) : once(request, path);
    }

private:
    net::Response once(const net::Request& request, const std::string& path) {
        const std::string key(net::find_header(request.headers, "Idempotency-Key").value_or(""));
        EXPECT_FALSE(key.empty());
        if (const auto found = keys.find(key); found != keys.end()) {
            if (found->second.body != request.body)
                return json_response(400,
                                     json::object{{"error", {{"type", "idempotency_error"}, {"message", "other parameters"}}}});
            auto replay = found->second.response;
            replay.headers.emplace_back("Idempotent-Replayed", "true");
            return replay;
        }
        auto response = stored_error != 0 ? error(stored_error, "api_error", "boom") : execute(path, *form_decode(request.body));
        stored_error = 0;
        keys[key] = {request.body, response};
        return response;
    }

    net::Response execute(const std::string& path, const Fields& form) {
        if (path == "/checkout/sessions") {
            auto& session = add_session("cs_" + std::to_string(sessions.size() + 1), "open");
            session["client_reference_id"] = find_field(form, "client_reference_id").value_or("");
            return json_response(200, session);
        }
        if (path == "/refunds") return refund(form);
        const auto id = path.substr(19, path.rfind('/') - 19);
        const auto found = sessions.find(id);
        if (found == sessions.end()) return error(404, "resource_missing", "No such checkout.session");
        if (found->second["status"] != "open")
            return error(400, "", "Only Checkout Sessions with a status in [\"open\"] can be expired.");
        found->second["status"] = "expired";
        found->second["url"] = nullptr;
        return json_response(200, found->second);
    }

    net::Response refund(const Fields& form) {
        const auto amount = std::stoll(*find_field(form, "amount"));
        if (unrefunded == 0) return error(400, "charge_already_refunded", "Charge has already been refunded.");
        if (amount > unrefunded)
            return error(400, "", "Refund amount ($120.00) is greater than unrefunded amount on charge ($70.00)");
        unrefunded -= amount;
        refunds.push_back({{"id", "re_" + std::to_string(refunds.size() + 1)},
                           {"amount", amount},
                           {"status", "succeeded"},
                           {"payment_intent", *find_field(form, "payment_intent")},
                           {"metadata", {{"refund_id", *find_field(form, "metadata[refund_id]")}}}});
        return json_response(200, refunds.back());
    }

    net::Response read(const std::string& path, const Fields& query) {
        if (path == "/checkout/sessions") {
            json::array data;
            for (auto entry = sessions.rbegin(); entry != sessions.rend(); ++entry)
                if (entry->second["created"].as_int64() >= std::stoll(find_field(query, "created[gte]").value_or("0")))
                    data.push_back(entry->second);
            return page(data, query);
        }
        if (path == "/refunds") {
            json::array data;
            for (auto entry = refunds.rbegin(); entry != refunds.rend(); ++entry) data.push_back(*entry);
            return page(data, query);
        }
        if (path == "/events") return list_events(query);
        const auto& objects = path.starts_with("/payment_intents/") ? intents : sessions;
        const auto found = objects.find(path.substr(path.rfind('/') + 1));
        return found == objects.end() ? error(404, "resource_missing", "No such object") : json_response(200, found->second);
    }

    net::Response list_events(const Fields& query) const {
        json::array data;
        for (auto entry = events.rbegin(); entry != events.rend(); ++entry) {
            const auto created = entry->at("created").as_int64();
            if (created < std::stoll(find_field(query, "created[gte]").value_or("0"))) continue;
            if (created > std::stoll(find_field(query, "created[lte]").value_or("99999999999"))) continue;
            const bool wanted = std::any_of(query.begin(), query.end(), [&](const auto& field) {
                return field.first.starts_with("types[") && json::value(field.second) == entry->at("type");
            });
            if (wanted) data.push_back(*entry);
        }
        return page(data, query);
    }

    /// Two a page, so that every list is paged.
    static net::Response page(const json::array& all, const Fields& query) {
        const auto after = find_field(query, "starting_after");
        std::size_t begin = 0;
        for (std::size_t i = 0; after && i < all.size(); ++i)
            if (all[i].at("id") == json::value(*after)) begin = i + 1;
        json::array data;
        for (std::size_t i = begin; i < all.size() && data.size() < 2; ++i) data.push_back(all[i]);
        return json_response(200,
                             json::object{{"object", "list"}, {"has_more", begin + data.size() < all.size()}, {"data", data}});
    }
};

} // namespace appointd::adapters::tests
